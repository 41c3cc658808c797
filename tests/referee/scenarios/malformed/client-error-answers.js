// A listener of 'clientError' may answer by itself.
// versions: v13.14-
var server = http.createServer(note('request'))
server.on('clientError', function(err, socket) {
  socket.end('HTTP/1.1 400 Oops\r\n\r\n')
})
talk(server, 'GET / FOO/1.1\r\n\r\n')
