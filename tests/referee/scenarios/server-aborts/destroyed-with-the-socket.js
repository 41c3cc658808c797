// destroyed of a response when its socket is destroyed.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  var socket = req.socket
  function look(label) {
    return function() { log(label, res.destroyed) }
  }
  req.on('aborted', look('aborted'))
  req.on('close', look('req close'))
  res.on('close', look('res close'))
  socket.on('close', look('socket close'))
  log('before', res.destroyed)
  socket.destroy()
  log('behind destroy', res.destroyed)
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(100, done)
})
