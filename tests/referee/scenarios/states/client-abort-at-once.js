// The states of a request that is aborted in the tick that makes it.
// versions: v19.0-
answer(function(peer) {
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  req.abort()
  client.watch(req, 'req', 'socket finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  after(250, done)
})
