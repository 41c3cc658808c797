// The states of an exchange whose answer is destroyed by the listener of the request.
// versions: v13.14-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  res.destroy()
  life.look('called')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(150, done)
})
