// The events of a request that is destroyed while its socket connects.
// versions: v1.6-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response abort error close')
  req.on('socket', function() {
    log('socket')
    req.destroy()
    log('script.called')
  })
  req.on('close', done)
})
