// An upgrade may follow a request on the same connection.
var server = http.createServer(function(req, res) { res.end('plain') })
server.on('upgrade', function(req, socket) {
  log('upgrade')
  socket.end('bye')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('plain', function() { peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n') })
  peer.closed(done)
})
