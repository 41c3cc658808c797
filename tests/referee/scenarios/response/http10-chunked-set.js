// A client of HTTP/1.0 is answered with a Transfer-Encoding that was set.
var server = http.createServer(function(req, res) {
  res.setHeader('Transfer-Encoding', 'chunked')
  res.write('hel')
  res.end('lo')
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
