// A listener of 'data' from before 'connect' does not make the stream flow behind it, but in
// streams of old.
var server = http.createServer()
var over = count(2, done)
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
server.on('connect', function(req, socket, head) {
  log('server.connect', head)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.on('end', function() { socket.end() })
  after(200, function() { log('server.resume'); socket.resume(); over() })
})
talk(server, 'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('second'); peer.end() })
  peer.closed(over)
})
