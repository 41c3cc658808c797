// A response without a body is readable for its end.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 204 No Content\r\n\r\n') })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    res.once('readable', function() { log('res.read', res.read()) })
    res.on('end', function() {
      log('res.end')
      done()
    })
  })
})
