// The peer's end is told though nobody reads, and leaves the socket writable.
var server = http.createServer()
server.on('upgrade', function(req, socket) {
  socket.on('end', function() { log('end', socket.destroyed); socket.end('bye') })
  socket.on('close', function() { log('close'); done() })
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() { peer.end() })
})
