// 'timeout' of the server delivers the socket, which is then left to the listener.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  server.on('timeout', function(socket) {
    log('timeout', socket === req.socket, socket.destroyed)
    res.end('late')
  })
})
log('before', server.timeout > 0)
server.timeout = 100
log('timeout', server.timeout)
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
