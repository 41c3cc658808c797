// A listener of 'data' from before 'upgrade' does not make the stream flow behind it, but in
// streams of old.
var server = http.createServer()
var over = count(2, done)
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
server.on('upgrade', function(req, socket, head) {
  log('server.upgrade', head)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.on('end', function() { socket.end() })
  after(200, function() { log('server.resume'); socket.resume(); over() })
})
talk(server, 'GET /u HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('second'); peer.end() })
  peer.closed(over)
})
