// The states of an exchange whose request is destroyed with an error in the middle of the body.
// versions: v13.14-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  after(50, function() {
    req.destroy(Error('boom'))
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\none', function(peer) {
  after(150, done)
})
