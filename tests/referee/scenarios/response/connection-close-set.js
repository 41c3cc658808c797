// Connection: close ends the connection, though the client would go on.
var server = http.createServer(function(req, res) {
  res.setHeader('Connection', 'close')
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
