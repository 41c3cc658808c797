// 304 has no body, whatever is written.
var server = http.createServer(function(req, res) {
  res.statusCode = 304
  res.setHeader('ETag', '"a"')
  res.write('hello')
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('\r\n\r\n', done) })
