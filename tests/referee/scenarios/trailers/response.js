// addTrailers adds fields behind a chunked body.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Trailer': 'X-T'})
  res.write('a')
  res.addTrailers({'X-T': '1', 'X-U': '2'})
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
