// 'upgrade' hands the socket over with what came behind the head.
var server = http.createServer(note('request'))
server.on('upgrade', function(req, socket, head) {
  log('upgrade', req.method, req.url, req.headers.upgrade, head)
  log('socket', socket === req.socket)
  socket.on('data', function(chunk) {
    log('data', chunk)
    socket.end('bye')
  })
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
})
talk(server, 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst', function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('second') })
  peer.closed(done)
})
