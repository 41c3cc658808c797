// The states of a request that is destroyed while it waits for a socket.
// versions: v19.0-
answer(function(peer) {}, function(port) {
  var agent = new http.Agent({maxSockets: 1})
  var first = http.get({host: '127.0.0.1', port: port, agent: agent})
  first.on('error', function() {})
  first.on('socket', function() {
    var client = states('client')
    var req = http.get({host: '127.0.0.1', port: port, agent: agent})
    client.watch(req, 'req', 'socket finish abort error close')
    after(30, function() {
      req.destroy()
      after(60, function() {
        first.abort()
        after(60, done)
      })
    })
  })
})
