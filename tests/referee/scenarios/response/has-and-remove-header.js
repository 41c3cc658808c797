// hasHeader and removeHeader look for a name in any case.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', '1')
  res.setHeader('X-B', '2')
  log('before', res.hasHeader('x-a'), res.hasHeader('x-c'))
  res.removeHeader('x-A')
  log('after', res.hasHeader('x-a'))
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
