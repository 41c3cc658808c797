// A listener of 'data' from before 'connect' hears what comes behind it, once the stream flows.
var server = http.createServer()
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
server.on('connect', function(req, socket, head) {
  log('server.connect', head)
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.resume()
  watch(socket, 'server.socket', 'end close')
  socket.on('end', function() { socket.end() })
})
talk(server, 'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { after(50, function() { peer.write('second'); peer.end() }) })
  peer.closed(done)
})
