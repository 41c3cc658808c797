// unref and ref of a socket return it, and it goes on serving; so do other calls.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  var socket = req.socket
  log('ref', socket.unref() === socket, socket.ref() === socket)
  log('options', socket.setNoDelay() === socket, socket.setKeepAlive() === socket)
  log('flow', socket.pause() === socket, socket.resume() === socket)
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
