// res.destroy with an error.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted error close')
  watch(res, 'res', 'finish error close')
  res.destroy(new Error('boom'))
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.closed(function() { after(30, done) }) })
