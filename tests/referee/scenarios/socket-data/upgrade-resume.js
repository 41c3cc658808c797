// A listener of 'data' from before 'upgrade' hears what comes behind it, once the stream flows.
var server = http.createServer()
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
server.on('upgrade', function(req, socket, head) {
  log('server.upgrade', head)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.resume()
  watch(socket, 'server.socket', 'end close')
  socket.on('end', function() { socket.end() })
})
talk(server, 'GET /u HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { after(50, function() { peer.write('second'); peer.end() }) })
  peer.closed(done)
})
