// Requests beyond maxSockets wait, and are served in their order.
var agent = new http.Agent({maxSockets: 1})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var end = count(4, function() { done() })
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
