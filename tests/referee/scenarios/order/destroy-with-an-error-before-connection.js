// The events of a request that is destroyed, with an error, while its socket connects.
// versions: v1.6-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  req.on('socket', function() {
    log('socket')
    req.destroy(new Error('mine'))
    log('script.called')
  })
  req.on('error', function(err) { log('error', err.message) })
  watch(req, 'req', 'response abort close')
  req.on('close', done)
})
