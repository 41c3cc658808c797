// Bytes beyond ASCII are Latin-1.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('a', req.headers['x-a'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: caf\xe9\xc3\xa9\r\nConnection: close\r\n\r\n')
