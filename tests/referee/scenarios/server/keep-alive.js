// Two requests on one connection.
var server = http.createServer(function(req, res) {
  log('url', req.url, req.socket === first)
  first = first || req.socket
  res.setHeader('Content-Length', 2)
  res.end('hi')
})
var first = null
server.on('connection', note('connection'))
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() {
    peer.write('GET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
    peer.until('hi', done)
  })
})
