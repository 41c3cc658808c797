// res.destroy before the head.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end aborted error close')
  watch(res, 'res', 'finish error close')
  res.destroy()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.closed(function() { after(30, done) }) })
