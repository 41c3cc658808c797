// Headers beyond maxHeadersCount are dropped.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end()
})
server.maxHeadersCount = 3
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-B: 2\r\nX-C: 3\r\nX-D: 4\r\n\r\n', function(peer) { peer.until('\r\n\r\n', done) })
