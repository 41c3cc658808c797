// A connection that sends no further request in time is closed.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(req.socket, 'socket', 'timeout close')
  res.end('hi')
})
server.keepAliveTimeout = 1000
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
