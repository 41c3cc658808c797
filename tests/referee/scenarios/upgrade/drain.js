// write of a socket answers false when too much waits, and 'drain' follows when
// it has left.
var server = http.createServer()
server.on('upgrade', function(req, socket) {
  socket.on('drain', function() { log('drain'); socket.end() })
  log('write', socket.write(repeat('a', 10000000)))
  dial2()
})
var dial2
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n', function(peer) {
  peer.stop()
  dial2 = function() { peer.read() }
  peer.closed(done)
})
