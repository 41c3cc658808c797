// headersDistinct keeps all values, joined nowhere.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  log('host', req.headersDistinct.host)
  log('cookie', req.headersDistinct.cookie)
  log('a', req.headersDistinct['x-a'])
  log('none', req.headersDistinct['x-b'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nCookie: a\r\nCookie: b\r\nX-A: 1\r\nx-a: 2\r\nConnection: close\r\n\r\n')
