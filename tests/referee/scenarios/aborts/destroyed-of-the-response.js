// A response that the program has destroyed says so.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    res.on('error', function() {})
    res.on('data', function() {
      log('before', res.destroyed)
      res.destroy()
      log('after', res.destroyed)
    })
  })
  req.on('close', done)
})
