// A request on a kept connection that the server has just closed fails, and reusedSocket says that it may be tried again.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.until('\r\n\r\n', function() { peer.reset() })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    res.on('end', function() {
      after(30, function() {
        var req = http.get({host: '127.0.0.1', port: port, agent: agent})
        req.on('error', function(err) { log('error', err.code, req.reusedSocket) })
        watch(req, 'req', 'response close')
        req.on('close', done)
      })
    })
    res.resume()
  })
})
