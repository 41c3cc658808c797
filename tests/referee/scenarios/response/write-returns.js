// write answers true while little waits.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('small', res.write('a'))
  log('large', res.write(repeat('a', 100000)))
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
