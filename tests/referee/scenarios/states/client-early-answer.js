// The states of a request that is answered before it has ended; then it ends.
// versions: v13.14-
answer(function(peer) {
  peer.until('one', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 6}})
  req.write('one')
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
    after(50, function() {
      client.look('later')
      req.end('end')
    })
  })
  after(250, done)
})
