// The states of a request whose connection is upgraded, and nobody listens for that.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {Connection: 'Upgrade', Upgrade: 'x'}})
  req.end()
  client.watch(req, 'req', 'finish abort error close')
  after(800, done)
})
