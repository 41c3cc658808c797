// Only 101 switches protocols, since v10; a response may merely advertise them.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('status', res.statusCode)
    watch(res, 'res', 'data end')
  })
  watch(req, 'req', 'response error close')
  req.on('upgrade', function(res, socket, head) {
    log('upgrade', res.statusCode, textOf(head))
    socket.destroy()
  })
  req.on('close', done)
})
