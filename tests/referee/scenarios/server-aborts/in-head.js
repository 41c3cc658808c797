// A peer that ends within the head.
var server = http.createServer(note('request'))
server.on('clientError', function(err, socket) {
  log('clientError', err.code)
  if (socket) socket.destroy()
})
talk(server, 'GET / HTTP/1.1\r\nHost:', function(peer) {
  peer.end()
  peer.closed(done)
})
