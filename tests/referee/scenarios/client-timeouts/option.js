// The option timeout is as setTimeout.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, timeout: 50})
  watch(req, 'req', 'timeout response abort error close')
  req.on('timeout', function() { req.destroy() })
  req.on('close', done)
})
