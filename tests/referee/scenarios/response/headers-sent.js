// headersSent tells whether the head is sent.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('before', res.headersSent)
  res.write('a')
  log('after', res.headersSent)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
