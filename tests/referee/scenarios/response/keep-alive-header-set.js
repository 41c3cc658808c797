// A Keep-Alive header of one's own is not followed by another.
var server = http.createServer(function(req, res) {
  res.setHeader('Keep-Alive', 'timeout=99')
  res.setHeader('Content-Length', 1)
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('\r\n\r\na', done) })
