// Upgrade without Connection: Upgrade is no upgrade.
var server = http.createServer(function(req, res) {
  log('request', req.headers.upgrade)
  res.end('plain')
})
server.on('upgrade', function(req, socket) {
  log('upgrade')
  socket.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\nConnection: close\r\n\r\n')
