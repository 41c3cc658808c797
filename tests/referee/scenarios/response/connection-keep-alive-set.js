// Connection: keep-alive of one's own is sent as it is, even to a client that asks for close.
var server = http.createServer(function(req, res) {
  res.setHeader('Connection', 'keep-alive')
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) { peer.until('\r\n\r\n', function() { after(50, done) }) })
