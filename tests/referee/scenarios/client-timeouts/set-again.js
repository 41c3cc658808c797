// A timeout that is set again behind one that was told.
// versions: v1.6-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'timeout close')
  req.on('error', function() {})
  req.on('socket', function(socket) {
    socket.on('connect', function() { req.setTimeout(60, note('first')) })
  })
  req.write('x')
  after(150, function() { req.setTimeout(60, note('second')) })
  after(300, function() { req.write('x') })
  after(450, function() { req.abort() })
  after(500, done)
})
