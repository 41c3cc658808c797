// Listeners of 'data' hear what is not HTTP, too.
// versions: v13.14-
var server = http.createServer(note('server.request'))
server.on('clientError', function(err, socket) {
  log('server.clientError', err.code)
  socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
})
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
})
talk(server, 'what is that\r\n\r\n')
