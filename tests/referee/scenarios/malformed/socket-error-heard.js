// The socket of malformed bytes, if somebody listens for 'clientError'.
var server = http.createServer(function() {})
var socket
server.on('connection', function(s) {
  socket = s
  watch(socket, 'socket', 'error close')
})
server.on('clientError', function() {
  log('clientError')
  after(30, function() { socket.destroy() })
})
talk(server, 'FOO BAR\r\n\r\n', function(peer) { peer.closed(function() { after(60, done) }) })
