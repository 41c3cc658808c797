// The events of a server that serves one connection and closes.
var server = http.createServer()
watch(server, 'server', 'listening connection request close')
server.on('request', function(req, res) {
  watch(req, 'req', 'end close')
  watch(res, 'res', 'finish close')
  watch(req.socket, 'socket.events', 'end close')
  req.on('data', function() {})
  res.end('hi')
  server.close()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) { peer.closed(function() { after(50, done) }) })
