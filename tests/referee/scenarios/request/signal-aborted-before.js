// A signal that is aborted already: the request never connects.
// versions: v19.0-
answer(function(peer) {}, function(port) {
  var controller = new AbortController()
  controller.abort()
  var req = http.get({host: '127.0.0.1', port: port, agent: false, signal: controller.signal})
  watch(req, 'req', 'socket response abort')
  req.on('error', function(err) { log('error', err.name, err.code) })
  req.on('close', function() {
    log('close')
    after(30, done)
  })
})
