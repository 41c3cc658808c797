// An answer without a body keeps the connection, whatever is written to it.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') res.writeHead(304)
  res.end('body')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  })
  peer.closed(done)
})
