// A socket that was upgraded tells its own end.
var server = http.createServer()
server.on('upgrade', function(req, socket) {
  watch(socket, 'socket', 'data end close')
  watch(req, 'req', 'end close')
  socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
  socket.on('end', function() { socket.end() })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('hi'); peer.end() })
  peer.closed(function() { after(30, done) })
})
