// Listeners of 'data' from before 'upgrade' and from then on hear what comes behind it.
var server = http.createServer()
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
server.on('upgrade', function(req, socket, head) {
  log('server.upgrade', head)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.on('data', function(chunk) { log('server.newer', chunk); socket.end('bye') })
})
talk(server, 'GET /u HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { after(50, function() { peer.write('second') }) })
  peer.closed(done)
})
