// A listener of 'timeout' has to deal with the socket.
// versions: v1.6-
var server = http.createServer(note('request'))
server.setTimeout(100, function(socket) {
  log('timeout')
  socket.end('bye')
})
talk(server, 'GET / HTTP/1.1\r\n')
