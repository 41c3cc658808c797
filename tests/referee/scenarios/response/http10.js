// A client of HTTP/1.0 gets a body that ends with the connection.
var server = http.createServer(function(req, res) {
  log('version', req.httpVersion)
  res.write('hello ')
  res.end('world')
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
