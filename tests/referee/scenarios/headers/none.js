// A request of HTTP/1.0 without a header.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end('a')
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
