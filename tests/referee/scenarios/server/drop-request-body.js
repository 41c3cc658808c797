// A request that is dropped has a body, which nobody reads.
// versions: v19.0-
var server = http.createServer(function(req, res) { log('request', req.url); req.resume(); res.end('hi') })
server.maxRequestsPerSocket = 1
server.on('dropRequest', function(req, socket) { log('dropped', req.url, req.method, socket === req.socket) })
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody', function(peer) {
  peer.until('hi', function() {
    peer.write('POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody')
    peer.until('503', function() {
      peer.until('\r\n\r\n', function() {
        peer.write('GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      })
    })
  })
  peer.closed(done)
})
