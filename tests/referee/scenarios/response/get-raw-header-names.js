// getRawHeaderNames keeps the case.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.setHeader('X-B', '1')
  res.setHeader('foo', '2')
  res.setHeader('FOO', '3')
  log('names', res.getRawHeaderNames())
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
