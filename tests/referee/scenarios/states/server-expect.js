// The states of a request that expects 100 Continue.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.on('end', function() {
    res.end('hi')
    life.look('ended')
  })
  req.resume()
  life.look('request')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('one') })
  after(150, done)
})
