// Headers given as a list go out as they are, without a Host of Node's.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: [['X-B', '1'], ['X-A', '2'], ['X-B', '3']]})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.end()
})
