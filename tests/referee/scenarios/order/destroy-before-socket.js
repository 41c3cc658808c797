// The events of a request that is destroyed while it waits for a socket.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var agent = new http.Agent({maxSockets: 1})
  var first = http.get({host: '127.0.0.1', port: port, agent: agent})
  first.on('error', function() {})
  first.on('socket', function() {
    var req = http.get({host: '127.0.0.1', port: port, agent: agent})
    watch(req, 'req', 'socket response abort error close')
    attempt('call.returns', function() { req.destroy() })
    after(50, function() { first.destroy(); done() })
  })
})
