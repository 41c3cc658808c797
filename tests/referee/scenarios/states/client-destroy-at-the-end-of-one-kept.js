// The states of a request whose connection is kept, that is destroyed by a listener of 'end'.
// versions: v19.0-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var client = states('client')
  var req = http.request({host: '127.0.0.1', port: port, agent: agent})
  req.end()
  client.watch(req, 'req', 'finish abort error close')
  req.on('response', function(res) {
    client.watch(res, 'res', 'aborted end error close')
    client.look('response')
    res.on('end', function() {
      req.destroy()
      client.look('called')
    })
    res.resume()
  })
  after(250, done)
})
