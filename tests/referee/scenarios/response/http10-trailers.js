// A client of HTTP/1.0 gets neither chunks nor trailers, and keeps its connection
// only with a length.
var server = http.createServer(function(req, res) {
  if (req.url === '/1') res.setHeader('Content-Length', 4)
  res.write('body')
  res.addTrailers({'X-T': '1'})
  res.end()
})
talk(server, 'GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', function(peer) {
  peer.until('body', function() {
    peer.write('GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  })
  peer.closed(done)
})
