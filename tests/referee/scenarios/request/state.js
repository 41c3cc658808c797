// What a request says of itself on its way.
// versions: v19.0-
answer(function(peer) {
  peer.until('a', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', path: '/a?b'})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  log('made', req.method, req.path, req.host, req.protocol, req.headersSent, req.writableEnded, req.writableFinished)
  req.on('finish', function() { log('finish', req.writableEnded, req.writableFinished, req.headersSent) })
  req.end('a')
  log('ended', req.writableEnded, req.writableFinished, req.finished)
})
