// Bytes of several requests that arrive together are told together.
var server = http.createServer(function(req, res) {
  log('server.request', req.url)
  res.end('x')
})
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
talk(server, 'GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('x', function() {})
  peer.until('x', function() {})
  peer.until('x', function() { peer.end() })
  peer.closed(done)
})
