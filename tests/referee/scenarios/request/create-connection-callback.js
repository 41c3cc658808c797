// createConnection may return nothing and call back later.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.get({host: '127.0.0.9', port: 9, createConnection: function(options, made) {
    after(20, function() { made(null, net.connect({host: '127.0.0.1', port: port})) })
  }}, function(res) {
    log('response', res.statusCode)
    res.on('end', done)
    res.resume()
  })
  watch(req, 'req', 'socket error')
})
