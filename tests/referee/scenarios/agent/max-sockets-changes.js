// maxSockets may be changed; requests that wait already go on waiting.
// versions: v1.6-
var agent = new http.Agent({maxSockets: 1})
var held
var release = count(2, function() { held.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    if (held) {
      peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    } else {
      held = peer
      release()
    }
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  log('maxSockets', agent.maxSockets)
  agent.maxSockets = 2
  log('maxSockets', agent.maxSockets)
  var end = count(2, function() { done() })
  function get() {
    http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('end', end)
      res.resume()
    })
  }
  get()
  get()
  pools('two', agent)
  release()
})
