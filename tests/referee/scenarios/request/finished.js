// finished tells that end was called.
answer(function(peer) {
  peer.until('a', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 1}})
  req.on('response', function(res) { if (res.resume) res.resume() })
  log('made', req.finished)
  req.end('a')
  log('ended', req.finished)
})
