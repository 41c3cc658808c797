// Listeners of 'data' from before 'connect' and from then on hear what comes behind it.
var server = http.createServer()
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
server.on('connect', function(req, socket, head) {
  log('server.connect', head)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.on('data', function(chunk) { log('server.newer', chunk); socket.end('bye') })
})
talk(server, 'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { after(50, function() { peer.write('second') }) })
  peer.closed(done)
})
