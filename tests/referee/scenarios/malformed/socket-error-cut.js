// The socket of a request whose head is cut off tells an error.
var server = http.createServer(function() {})
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, 'GET / HTTP/1.1\r\nHo', function(peer) {
  peer.end()
  peer.closed(function() { after(30, done) })
})
