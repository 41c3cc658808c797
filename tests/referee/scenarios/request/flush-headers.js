// flushHeaders sends the head at once.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.setHeader('X-A', '1')
  req.flushHeaders()
  log('sent', req.headersSent)
  attempt('setHeader', function() { req.setHeader('X-B', '2') })
})
