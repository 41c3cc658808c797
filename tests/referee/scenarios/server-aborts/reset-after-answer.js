// A peer that resets after the answer.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted error')
  watch(res, 'res', 'finish')
  watch(req.socket, 'socket', 'error close')
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() { after(20, function() { peer.reset(); after(50, done) }) })
})
