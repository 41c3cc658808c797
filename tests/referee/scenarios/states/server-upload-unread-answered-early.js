// The states of a request that is answered before its body has come, which nobody reads.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  res.end('hi')
  life.look('ended')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\none', function(peer) {
  after(60, function() { peer.write('two') })
  after(250, done)
})
