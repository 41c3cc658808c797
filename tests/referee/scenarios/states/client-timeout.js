// The states of a request that is silent for longer than its timeout.
// versions: v13.14-
answer(function(peer) {
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, timeout: 50})
  req.end()
  client.watch(req, 'req', 'finish abort timeout error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  after(150, done)
})
