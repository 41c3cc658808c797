// Without any framing, even a body of known length ends with the connection.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.removeHeader('Transfer-Encoding')
  res.removeHeader('Content-Length')
  res.end('b')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(note('closed'))
  after(200, done)
})
