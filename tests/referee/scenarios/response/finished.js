// finished tells that end was called.
var server = http.createServer(function(req, res) {
  log('before', res.finished)
  res.writeHead(200, {'Content-Length': '1', Date: 'x'})
  res.end('a')
  log('after', res.finished)
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
