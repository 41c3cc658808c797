// Without Transfer-Encoding, a body of unknown length ends with the connection.
var server = http.createServer(function(req, res) {
  res.removeHeader('Transfer-Encoding')
  res.write('a')
  res.end('b')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(note('closed'))
  after(200, done)
})
