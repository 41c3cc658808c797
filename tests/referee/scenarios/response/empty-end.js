// A body without a byte has the length 0.
var server = http.createServer(function(req, res) {
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
