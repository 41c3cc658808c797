// 'connect' hands the socket over with what came behind the head.
// versions: v1.6-
var server = http.createServer(note('request'))
server.on('connect', function(req, socket, head) {
  log('connect', req.method, req.url, head)
  socket.on('data', function(chunk) {
    log('data', chunk)
    socket.end('bye')
  })
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
})
talk(server, 'CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('second') })
  peer.closed(done)
})
