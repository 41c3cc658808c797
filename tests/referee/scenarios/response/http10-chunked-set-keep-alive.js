// A client of HTTP/1.0 that would keep its connection is answered with a
// Transfer-Encoding that was set.
var server = http.createServer(function(req, res) {
  res.setHeader('Transfer-Encoding', 'chunked')
  res.end('hello')
})
talk(server, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', function(peer) {
  peer.until('hello', function() { peer.end() })
  peer.closed(done)
})
