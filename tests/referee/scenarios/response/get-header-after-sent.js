// What was set can be read after it was sent; what was added by itself cannot.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', '1')
  res.end('a')
  log('after', res.getHeader('x-a'), res.getHeader('Date'), res.getHeader('Content-Length'), res.getHeader('Connection'))
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
