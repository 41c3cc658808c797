// Empty values are joined as others are.
var server = http.createServer(function(req, res) {
  log('a', req.headers['x-a'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A:\r\nX-A: 1\r\nX-A:\r\nConnection: close\r\n\r\n')
