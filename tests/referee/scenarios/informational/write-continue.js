// writeContinue sends 100 to who has not asked for it.
var server = http.createServer(function(req, res) {
  res.writeContinue()
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
