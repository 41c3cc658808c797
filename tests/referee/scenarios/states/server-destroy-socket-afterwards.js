// The states of an exchange whose socket is destroyed when it is over.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  life.watch(req.socket, 'socket', 'close')
  req.socket.on('error', function() {})
  var socket = req.socket
  req.resume()
  res.end('hi')
  after(60, function() {
    socket.destroy()
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(150, done)
})
