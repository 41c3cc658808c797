// req.destroy within the body.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish error close')
  req.once('data', function() { req.destroy() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) { peer.closed(function() { after(30, done) }) })
