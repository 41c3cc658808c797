// A connection of HTTP/1.0 persists if the client asks and the length is known.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', 5)
  res.end('hello')
})
talk(server, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', function(peer) {
  peer.until('\r\n\r\nhello', function() { after(50, done) })
  peer.closed(note('closed'))
})
