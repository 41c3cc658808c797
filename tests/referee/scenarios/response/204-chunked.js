// 204 with Transfer-Encoding: chunked has no chunks, and the connection ends.
var server = http.createServer(function(req, res) {
  res.writeHead(204, {'Transfer-Encoding': 'chunked'})
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(note('closed'))
  after(200, done)
})
