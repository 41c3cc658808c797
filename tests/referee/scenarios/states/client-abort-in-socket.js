// The states of a request that is aborted when it gets its socket.
// versions: v13.14-
answer(function(peer) {
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  req.end()
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  req.on('socket', function() {
    req.abort()
    client.look('called')
  })
  after(250, done)
})
