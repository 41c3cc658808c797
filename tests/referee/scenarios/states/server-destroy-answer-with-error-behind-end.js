// The states of an exchange whose answer is destroyed with an error behind the end of the answer.
// versions: v13.14-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  res.end('hi')
  life.look('ended')
  res.destroy(Error('boom'))
  life.look('called')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(150, done)
})
