// Trailers follow the last chunk.
answer(function(peer) {
  peer.until('x-u: 2\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Trailer': 'X-T'}})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.write('a')
  req.addTrailers({'X-T': '1', 'x-u': '2'})
  req.end()
})
