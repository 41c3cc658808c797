// The states of a request whose server resets before it answers.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.reset() })
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
  after(100, done)
})
