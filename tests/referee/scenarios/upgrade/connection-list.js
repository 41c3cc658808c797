// Connection may list more than Upgrade.
var server = http.createServer(note('request'))
server.on('upgrade', function(req, socket) {
  log('upgrade', req.headers.connection)
  socket.end('bye')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: echo\r\n\r\n')
