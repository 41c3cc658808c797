// A body that is not chunked has no trailers.
answer(function(peer) {
  peer.until('\r\n\r\na', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 1}})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.write('a')
  req.addTrailers({'X-T': '1'})
  req.end()
})
