// Connection: close of the client ends the connection behind the answer.
var server = http.createServer(function(req, res) {
  watch(req.socket, 'socket', 'close')
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
