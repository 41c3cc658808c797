// The states of an exchange whose socket is destroyed in the middle of the answer.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  life.watch(req.socket, 'socket', 'close')
  req.socket.on('error', function() {})
  req.resume()
  res.write('one')
  after(50, function() {
    req.socket.destroy()
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(150, done)
})
