// Listeners of 'data' of a client's socket from before 'upgrade' and from then on.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nfirst')
  })
  peer.until('ping', function() { peer.write('pong') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, headers: {'Connection': 'Upgrade', 'Upgrade': 'x'}})
  req.on('socket', function(socket) {
    socket.on('data', function(chunk) { log('client.data', chunk) })
  })
  req.on('upgrade', function(res, socket, head) {
    log('client.upgrade', textOf(head))
    socket.on('data', function(chunk) { log('client.newer', chunk); socket.destroy() })
    socket.on('close', done)
    after(50, function() { socket.write('ping') })
  })
})
