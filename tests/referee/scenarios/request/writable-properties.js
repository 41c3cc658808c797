// What the properties of a stream tell of a request on its way.
// versions: v13.14-
answer(function(peer) {
  peer.until('abc', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 3}})
  watch(req, 'req', 'error')
  req.on('finish', function() { log('finish', req.writableEnded, req.writableFinished, req.finished) })
  req.on('response', function(res) { res.resume() })
  log('made', req.writableEnded, req.writableFinished, req.finished)
  req.end('abc')
  log('ended', req.writableEnded, req.finished)
})
