// close calls its callback when the last connection is gone.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  server.close(note('closed'))
  res.end('hi')
})
watch(server, 'server', 'close')
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) { peer.closed(function() { after(50, done) }) })
