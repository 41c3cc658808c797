// A peer that resets within the answer.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end aborted error close')
  watch(res, 'res', 'finish error close')
  req.on('data', function() {})
  res.write('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('a\r\n', function() { peer.reset(); after(50, done) })
})
