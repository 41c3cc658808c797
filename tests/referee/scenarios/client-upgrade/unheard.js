// An upgrade that nobody listens to closes the connection.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, headers: {'Connection': 'Upgrade', 'Upgrade': 'echo'}})
  watch(req, 'req', 'response error close')
})
