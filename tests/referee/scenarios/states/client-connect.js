// The states of a CONNECT request that is accepted.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\n\r\n') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'CONNECT', path: 'a:80'})
  req.end()
  client.watch(req, 'req', 'finish abort error close')
  req.on('connect', function(res, socket) {
    client.watch(res, 'res', 'aborted end error close')
    client.watch(socket, 'socket', 'end error close')
    client.look('connect')
    socket.end()
  })
  after(250, done)
})
