// statusCode is the status if writeHead is not called.
var server = http.createServer(function(req, res) {
  log('before', res.statusCode)
  res.statusCode = 404
  res.end('no')
  log('after', res.statusCode)
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
