// The states of a request that is told by 'connect'.
// versions: v19.0-
var server = http.createServer()
server.on('connect', function(req, socket) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(socket, 'socket', 'end error close')
  life.look('connect')
  socket.end('HTTP/1.1 200 OK\r\n\r\n')
})
talk(server, 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(function() { peer.end() })
  after(150, done)
})
