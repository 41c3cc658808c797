// A request that is destroyed at once sends nothing.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response abort error close')
  req.destroy()
  req.on('close', done)
})
