// getHeader reads a header that was set, whatever the case, and also after it was sent.
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', '1')
  log('before', res.getHeader('x-a'), res.getHeader('X-None'))
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
