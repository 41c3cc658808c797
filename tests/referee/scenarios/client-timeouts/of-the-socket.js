// The socket of a request has a timeout of its own.
answer(function(peer) {}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response error close')
  req.on('socket', function(socket) {
    socket.setTimeout(50)
    socket.on('timeout', function() {
      log('socket timeout')
      req.abort()
    })
  })
  req.on('close', done)
})
