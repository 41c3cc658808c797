// The states of a request whose signal is aborted already.
// versions: v19.0-
var controller = new AbortController()
controller.abort()
answer(function(peer) {
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, signal: controller.signal})
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  after(250, done)
})
