// The error of 'clientError' has the bytes that were not taken.
// versions: v13.14-
var server = http.createServer(note('request'))
server.on('clientError', function(err, socket) {
  log('clientError', err.code, err.bytesParsed, err.rawPacket)
  if (socket) socket.destroy()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nfoo@bar\r\n\r\n')
