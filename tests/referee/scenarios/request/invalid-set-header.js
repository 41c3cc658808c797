// setHeader refuses what cannot be sent.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  attempt('name', function() { req.setHeader('A B', '1') })
  attempt('empty name', function() { req.setHeader('', '1') })
  attempt('value', function() { req.setHeader('X-A', '1\r\n2') })
  req.end()
})
