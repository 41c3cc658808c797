// A reset by the peer is told though nobody reads.
var server = http.createServer()
server.on('upgrade', function(req, socket) {
  socket.on('error', note('error'))
  socket.on('close', function(hadError) { log('close', hadError); done() })
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() { peer.reset() })
})
