// The states of a socket whose bytes are not HTTP.
// versions: v13.14-
var server = http.createServer()
server.on('connection', function(socket) {
  var life = states('server')
  life.watch(socket, 'socket', 'close')
  life.look('connection')
  server.on('clientError', function(err, socket) {
    life.look('clientError')
    socket.destroy()
    life.look('called')
  })
})
talk(server, 'nonsense\r\n\r\n', function(peer) {
  after(100, done)
})
