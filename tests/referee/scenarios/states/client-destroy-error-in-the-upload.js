// The states of a request that is destroyed with an error before it is ended.
// versions: v13.14-
answer(function(peer) {
  peer.until('one', function() {})
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 6}})
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  req.write('one')
  after(60, function() {
    req.destroy(Error('boom'))
  })
  after(250, done)
})
