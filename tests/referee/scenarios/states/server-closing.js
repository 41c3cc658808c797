// The states of a request that is answered on a connection that closes.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  life.watch(req.socket, 'socket', 'close')
  req.socket.on('error', function() {})
  req.resume()
  res.end('hi')
  life.look('ended')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) {
  peer.closed(function() {})
  after(150, done)
})
