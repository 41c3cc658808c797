// destroyed of a response whose client leaves.
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
  res.write('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() { peer.reset() })
  after(100, done)
})
