// The states of a request of an agent that is destroyed in the tick that makes it.
// versions: v19.0-
var agent = new http.Agent()
answer(function(peer) {
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: agent})
  req.end()
  req.destroy()
  client.watch(req, 'req', 'socket finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  after(250, done)
})
