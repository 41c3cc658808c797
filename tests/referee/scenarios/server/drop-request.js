// A request beyond maxRequestsPerSocket is refused.
// versions: v19.0-
var server = http.createServer(function(req, res) { log('request', req.url); res.end('hi') })
server.maxRequestsPerSocket = 1
server.on('dropRequest', function(req, socket) { log('dropped', req.url, socket === req.socket) })
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('503', function() { after(100, done) })
  peer.closed(note('closed'))
})
