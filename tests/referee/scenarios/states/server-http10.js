// The states of a request of HTTP/1.0.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  res.end('hi')
  life.look('ended')
})
talk(server, 'GET / HTTP/1.0\r\n\r\n', function(peer) {
  after(150, done)
})
