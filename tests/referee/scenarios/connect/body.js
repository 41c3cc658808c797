// CONNECT has no body: what follows belongs to the tunnel.
// versions: v1.6-
var server = http.createServer()
server.on('connect', function(req, socket, head) {
  log('head', head)
  socket.end()
})
talk(server, 'CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\nContent-Length: 2\r\n\r\nhi')
