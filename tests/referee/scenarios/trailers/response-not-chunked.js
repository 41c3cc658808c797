// Trailers are dropped if the body is not chunked.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', 1)
  res.addTrailers({'X-T': '1'})
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
