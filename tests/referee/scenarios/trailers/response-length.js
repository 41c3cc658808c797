// Trailers of an answer that has a length do not leave.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', 4)
  res.write('body')
  res.addTrailers({'X-T': '1'})
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
