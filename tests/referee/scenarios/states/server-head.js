// The states of a HEAD request.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  res.end()
  life.look('ended')
})
talk(server, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(150, done)
})
