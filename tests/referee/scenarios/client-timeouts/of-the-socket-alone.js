// A timeout that only the socket has is the socket's, not the request's.
// versions: v1.6-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'timeout')
  req.on('socket', function(socket) {
    watch(socket, 'socket', 'timeout')
    socket.setTimeout(60)
  })
  req.on('error', function() {})
  req.write('x')
  after(150, function() { req.write('x') })
  after(300, function() { req.abort() })
  after(350, done)
})
