// A socket that was handed over and is paused keeps what comes until it is resumed.
var server = http.createServer()
server.on('upgrade', function(req, socket, head) {
  log('head', head)
  watch(socket, 'socket', 'data end')
  socket.pause()
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
  after(60, function() {
    log('socket.resumed')
    socket.resume()
  })
  socket.on('end', function() { socket.end('bye') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('hello')
    peer.end()
  })
  peer.closed(done)
})
