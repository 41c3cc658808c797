// The states of a request with a body that is read before it is answered.
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
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nonetwo', function(peer) {
  after(150, done)
})
