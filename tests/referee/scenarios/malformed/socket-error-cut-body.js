// The socket of a request whose body is cut off tells an error.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish error close')
})
server.on('connection', function(socket) { watch(socket, 'socket.socket', 'error close') })
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) {
  after(50, function() { peer.end() })
  peer.closed(function() { after(30, done) })
})
