// Without its Content-Length, a body goes in chunks.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.removeHeader('Content-Length')
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('\r\n0\r\n\r\n', done) })
