// setHeader replaces whatever the case, keeps the place, and sends the last case.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.setHeader('X-A', '1')
  req.setHeader('X-B', '2')
  req.setHeader('x-a', '3')
  log('get', req.getHeader('X-a'), req.getHeader('no'))
  req.removeHeader('X-B')
  req.setHeader('X-C', ['4', '5'])
  log('get', req.getHeader('x-c'))
  req.end()
})
