// A client of HTTP/1.0 gets no trailers.
var server = http.createServer(function(req, res) {
  res.addTrailers({'X-T': '1'})
  res.write('a')
  res.end()
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
