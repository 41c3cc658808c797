// A response whose only piece is empty is sent in chunks.
var server = http.createServer(function(req, res) {
  res.write('')
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
