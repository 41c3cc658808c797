// A listener of 'data' that a request's listener adds hears what arrives from then on,
// once if it is told so.
var server = http.createServer(function(req, res) {
  log('server.request', req.url)
  if (req.url === '/a') {
    req.socket.on('data', function(chunk) { log('server.data', chunk) })
    req.socket.once('data', function(chunk) { log('server.once', chunk) })
  }
  res.end('x')
})
talk(server, 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('x', function() { peer.write('GET /b HTTP/1.1\r\nHost: a\r\n\r\n') })
  peer.until('x', function() { peer.write('GET /c HTTP/1.1\r\nHost: a\r\n\r\n') })
  peer.until('x', function() { peer.end() })
  peer.closed(done)
})
