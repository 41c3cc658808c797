// Who wants a timeout to end the request aborts it.
answer(function(peer) {}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'timeout response abort error close')
  req.setTimeout(50, function() { req.abort() })
  req.on('close', done)
})
