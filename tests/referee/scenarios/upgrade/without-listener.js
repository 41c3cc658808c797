// Nobody listens for 'upgrade'.
var server = http.createServer(function(req, res) {
  log('request', req.headers.upgrade)
  res.setHeader('Connection', 'close')
  res.end('plain')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
