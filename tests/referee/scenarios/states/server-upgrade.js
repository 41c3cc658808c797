// The states of a request that is told by 'upgrade'.
// versions: v19.0-
var server = http.createServer()
server.on('upgrade', function(req, socket) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(socket, 'socket', 'end error close')
  life.look('upgrade')
  socket.end('HTTP/1.1 200 OK\r\n\r\n')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', function(peer) {
  peer.closed(function() { peer.end() })
  after(150, done)
})
