// A response knows its socket.
// versions: v0.8 v1.6
var server = http.createServer(function(req, res) {
  log('before', res.socket === req.socket, res.connection === req.connection, req.connection === req.socket)
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
