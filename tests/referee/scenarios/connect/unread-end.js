// The end of a tunnel's client is told though nobody reads.
var server = http.createServer()
server.on('connect', function(req, socket) {
  socket.on('end', function() { log('end'); socket.end('bye') })
  socket.on('close', function() { log('close'); done() })
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
})
talk(server, 'CONNECT far:1 HTTP/1.1\r\nHost: far:1\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() { peer.end() })
})
