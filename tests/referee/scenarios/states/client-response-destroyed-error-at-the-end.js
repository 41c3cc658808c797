// The states of a request whose response is destroyed with an error by a listener of 'end'.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  req.end()
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.on('end', function() {
      res.destroy(Error('boom'))
      client.look('called')
    })
    res.resume()
  })
  after(250, done)
})
