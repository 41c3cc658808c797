// A server with joinDuplicateHeaders joins fields of which else the first counts alone.
// versions: v26.5-
var server = http.createServer({joinDuplicateHeaders: true}, function(req, res) {
  log('age', req.headers.age)
  log('cookie', req.headers.cookie)
  log('authorization', req.headers.authorization)
  log('set-cookie', req.headers['set-cookie'])
  log('x-a', req.headers['x-a'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAge: 1\r\nage: 2\r\nCookie: a=1\r\nCookie: b=2\r\n' +
  'Authorization: x\r\nAuthorization: y\r\nSet-Cookie: c\r\nSet-Cookie: d\r\nX-A: 1\r\nX-A: 2\r\n\r\n')
