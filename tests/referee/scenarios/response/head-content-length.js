// The answer to HEAD may have the length that GET would have.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Length': 5})
  res.end()
})
talk(server, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('\r\n\r\n', done) })
