// req.destroy with an error.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish error close')
  watch(req.socket, 'socket', 'error close')
  req.once('data', function() { req.destroy(new Error('boom')) })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) { peer.closed(function() { after(30, done) }) })
