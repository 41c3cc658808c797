// A peer that resets within the body.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish close')
  watch(req.socket, 'socket', 'error close')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) {
  after(30, function() { peer.reset(); after(50, done) })
})
