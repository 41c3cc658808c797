// A server that answers malformed requests itself, of the document of the event 'clientError'.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.end()
})
server.on('clientError', function(err, socket) {
  log('clientError', err)
  socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
})
serve(server, function(port) {
  dial(port, function(peer) {
    peer.write('no HTTP\r\n\r\n')
    peer.closed(done)
  })
})
