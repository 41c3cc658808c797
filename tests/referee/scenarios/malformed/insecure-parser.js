// insecureHTTPParser takes a control character within a value.
// versions: v13.14-
var server = http.createServer({insecureHTTPParser: true}, function(req, res) {
  log('a', req.headers['x-a'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: a\x01b\r\nConnection: close\r\n\r\n')
