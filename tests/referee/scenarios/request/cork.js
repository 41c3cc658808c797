// What is written between cork and uncork leaves together.
// versions: v13.14-
answer(function(peer) {
  peer.until('0\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.cork()
  req.write('a')
  log('corked', req.writableCorked)
  req.write('b')
  req.uncork()
  log('corked', req.writableCorked)
  req.end()
})
