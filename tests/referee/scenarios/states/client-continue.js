// The states of a request that waits for 100 Continue.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 100 Continue\r\n\r\n') })
  peer.until('end', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {Expect: '100-continue', 'Content-Length': 3}})
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.resume()
  })
  req.on('continue', function() {
    client.look('continue')
    req.end('end')
  })
  after(250, done)
})
