// A request that is aborted at once sends nothing.
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response abort error close')
  req.abort()
  after(100, done)
})
