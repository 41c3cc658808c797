// The states of a request whose client resets in the middle of the answer.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  res.write('one')
  after(120, function() { life.look('later') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(50, function() { peer.reset() })
  after(250, done)
})
