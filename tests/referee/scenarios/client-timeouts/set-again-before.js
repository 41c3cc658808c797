// A timeout that is set twice before it passes.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', timeout: 90})
  watch(req, 'req', 'timeout close')
  req.on('error', function() {})
  req.setTimeout(60, note('first'))
  req.setTimeout(70, note('second'))
  req.write('x')
  after(200, function() { req.write('x') })
  after(350, function() { req.abort() })
  after(400, done)
})
