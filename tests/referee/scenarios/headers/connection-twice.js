// Connection headers are joined, and each counts.
var server = http.createServer(function(req, res) {
  log('connection', req.headers.connection)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: X-A\r\nConnection: close\r\n\r\n')
