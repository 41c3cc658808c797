// A listener of the server is told of silence, and keeps the connection.
// versions: v1.6-
var first
var server = http.createServer(function(req, res) {
  if (req.url === '/1') first = res
  else req.resume()
})
server.setTimeout(150, function(socket) {
  log('told', socket.destroyed)
  server.setTimeout(0)
  first.end('one')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', function(peer) {
  peer.until('one', done)
  peer.closed(done)
})
