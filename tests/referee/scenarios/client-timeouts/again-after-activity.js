// The timeout of a request is told once, however often its connection falls silent again.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', timeout: 60})
  watch(req, 'req', 'timeout close')
  req.on('error', function() {})
  req.flushHeaders()
  after(150, function() { req.write('x') })
  after(300, function() { req.write('x') })
  after(450, function() { req.destroy() })
  after(500, done)
})
