// The events of a request that is destroyed, with an error, while it waits for a socket.
// versions: v13.14-
var mistake = new Error('mine')
answer(function(peer) {}, function(port) {
  var agent = new http.Agent({maxSockets: 1})
  var first = http.get({host: '127.0.0.1', port: port, agent: agent})
  first.on('error', function() {})
  first.on('socket', function() {
    var req = http.get({host: '127.0.0.1', port: port, agent: agent})
    req.on('error', function(err) { log('error', err.message) })
    watch(req, 'req', 'socket response abort close')
    attempt('call.returns', function() { req.destroy(mistake) })
    after(50, function() { first.destroy(); done() })
  })
})
