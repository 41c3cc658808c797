// Trailers and a body that is given to end alone.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.setHeader('Trailer', 'X-T')
  res.addTrailers({'X-T': '1'})
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
