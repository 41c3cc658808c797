// Only the first destroy counts.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  req.on('error', function(err) { log('error', err.message) })
  watch(req, 'req', 'abort close')
  req.on('socket', function() {
    req.destroy(new Error('first'))
    req.destroy(new Error('second'))
  })
  req.on('close', done)
})
