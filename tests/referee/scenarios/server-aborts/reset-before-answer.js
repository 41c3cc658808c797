// A peer that resets while it waits for the answer.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end aborted error close')
  watch(res, 'res', 'finish close')
  req.on('data', function() {})
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(30, function() { peer.reset(); after(50, done) })
})
