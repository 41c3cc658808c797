// The states of a request whose socket is destroyed before its response comes.
answer(function(peer) {
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  req.end()
  after(60, function() {
    req.socket.destroy()
  })
  after(250, done)
})
