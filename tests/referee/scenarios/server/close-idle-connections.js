// closeIdleConnections leaves busy connections alone.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  server.closeIdleConnections()
  after(30, function() { res.end('hi') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() { after(30, function() { server.closeIdleConnections() }) })
  peer.closed(done)
})
