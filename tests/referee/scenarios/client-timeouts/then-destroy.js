// Who wants a timeout to end the request destroys it.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'timeout response error close')
  req.setTimeout(50, function() { req.destroy() })
  req.on('close', done)
})
