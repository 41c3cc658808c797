// The request has a timeout, and so has its socket; both are told of each silence that they wait for.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', timeout: 60})
  watch(req, 'req', 'timeout close')
  req.on('socket', function(socket) { watch(socket, 'socket', 'timeout close') })
  req.on('error', function() {})
  req.write('x')
  after(150, function() { req.write('x') })
  after(300, function() { req.socket.setTimeout(60) })
  after(450, function() { req.destroy() })
  after(500, done)
})
