// Cookie headers are joined.
var server = http.createServer(function(req, res) {
  log('cookie', req.headers.cookie)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\ncookie: b=2\r\nCookie: c=3\r\nConnection: close\r\n\r\n')
