// A head that is too long, for a listener of 'clientError'.
// versions: v13.14-
var server = http.createServer(note('request'))
server.on('clientError', function(err, socket) {
  log('clientError', err.code)
  if (socket) socket.destroy()
  after(30, done)
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 20000) + '\r\n\r\n', function() {})
