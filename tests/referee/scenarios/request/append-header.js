// appendHeader adds values.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {'X-A': '1'}})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.appendHeader('x-a', '2')
  req.appendHeader('X-B', ['3', '4'])
  log('get', req.getHeader('X-A'), req.getHeader('X-B'))
  req.end()
})
