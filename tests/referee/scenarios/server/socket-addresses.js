// Both ends of a connection know their addresses.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('remote', req.socket.remoteAddress)
  log('local', req.socket.localAddress, req.socket.localPort === port)
  res.end()
})
var port
serve(server, function(p) {
  port = p
  dial(port, function(peer) {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
