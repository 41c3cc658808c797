// getHeaders and getHeaderNames tell names in lower case, in the order of their setting.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('none', res.getHeaders(), res.getHeaderNames())
  res.setHeader('X-B', '1')
  res.setHeader('Set-Cookie', ['a', 'b'])
  res.setHeader('x-a', '2')
  log('some', res.getHeaders(), res.getHeaderNames())
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
