// Trailers that are too long end the connection.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted close')
})
server.on('clientError', function(err, socket) { log('clientError', err.code); if (socket) socket.destroy(); after(30, done) })
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-A: ' + repeat('a', 20000) + '\r\n\r\n', function() {})
