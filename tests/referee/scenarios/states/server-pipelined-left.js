// The states of two pipelined requests whose client leaves.
var server = http.createServer()
server.on('request', function(req, res) {
  var life = states(req.url === '/1' ? 'first' : 'second')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  req.resume()
  if (req.url === '/2') res.end('two')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(60, function() { peer.destroy() })
  after(200, done)
})
