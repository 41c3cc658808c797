// A header that is set to a list is sent as several fields.
var server = http.createServer(function(req, res) {
  res.setHeader('Set-Cookie', ['a=1', 'b=2'])
  res.setHeader('X-A', ['1', '2'])
  log('get', res.getHeader('set-cookie'), res.getHeader('X-A'))
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
