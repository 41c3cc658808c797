// appendHeader adds values to those that a header has.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.appendHeader('X-A', '1')
  res.appendHeader('x-a', '2')
  res.appendHeader('X-A', ['3', '4'])
  res.setHeader('X-B', '1')
  res.appendHeader('X-B', '2')
  log('get', res.getHeader('X-A'), res.getHeader('X-B'))
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
