// The states of a request whose server resets in the middle of the body.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'); after(30, function() { peer.reset() }) })
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
  after(250, done)
})
