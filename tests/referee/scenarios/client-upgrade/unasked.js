// 101 to a request that has asked for nothing.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nx') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response error close')
  req.on('upgrade', function(res, socket, head) {
    log('upgrade', res.statusCode, textOf(head))
    socket.destroy()
  })
  req.on('close', done)
})
