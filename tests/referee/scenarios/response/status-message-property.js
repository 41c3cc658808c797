// statusMessage is the reason phrase; it is the standard one once the head is sent.
// versions: v1.6-
var server = http.createServer(count(1, function() {}))
server.on('request', function(req, res) {
  log('before', res.statusMessage)
  if (req.url === '/own') res.statusMessage = 'Fine'
  res.end()
  log('after', res.statusMessage)
})
talk(server, 'GET /own HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('GET /standard HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
