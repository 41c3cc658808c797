// The states of a request whose connection is upgraded.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {Connection: 'Upgrade', Upgrade: 'x'}})
  req.end()
  client.watch(req, 'req', 'finish abort error close')
  req.on('upgrade', function(res, socket) {
    client.watch(res, 'res', 'aborted end error close')
    client.watch(socket, 'socket', 'end error close')
    client.look('upgrade')
    socket.end()
  })
  after(250, done)
})
