// 'upgrade' delivers the response, the socket and what came behind the head.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst') })
  peer.until('ping', function() { peer.write('pong') })
  peer.until('bye', function() { peer.end() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, headers: {'Connection': 'Upgrade', 'Upgrade': 'echo'}})
  watch(req, 'req', 'response error close')
  req.on('upgrade', function(res, socket, head) {
    log('upgrade', res.statusCode, res.headers, textOf(head), socket === req.socket)
    watch(socket, 'socket', 'data end close')
    socket.on('data', function() { socket.end('bye') })
    socket.on('close', done)
    socket.write('ping')
  })
})
