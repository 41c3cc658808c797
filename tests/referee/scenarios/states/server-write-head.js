// The states of an answer whose head is written, flushed and ended apart.
// versions: v1.6-
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states('server')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.socket.on('error', function() {})
  req.resume()
  res.writeHead(200, {'Content-Length': 2})
  life.look('written')
  after(50, function() {
    life.look('later')
    res.end('hi')
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(250, done)
})
