// A listener of the socket is told of silence, and does not keep the connection.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') return
  watch(req.socket, 'socket', 'timeout close')
  req.socket.setTimeout(150)
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); done() })
})
