// Requests beyond maxSockets go over the kept connection in their order.
// versions: v1.6-
var agent = new http.Agent({maxSockets: 1, keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var end = count(4, function() {
    agent.destroy()
    done()
  })
  function send(path) {
    http.get({host: '127.0.0.1', port: port, agent: agent, path: path}, function(res) {
      log('response', path)
      res.on('end', end)
      res.resume()
    })
  }
  send('/1')
  send('/2')
  send('/3')
  send('/4')
})
