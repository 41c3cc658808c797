// The states of a request whose body becomes nonsense.
// versions: v13.14-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  after(120, function() { life.look('later') })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n', function(peer) {
  after(50, function() { peer.write('nonsense\r\n') })
  after(250, done)
})
