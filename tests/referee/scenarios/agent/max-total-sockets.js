// maxTotalSockets bounds the connections to all servers together.
// versions: v19.0-
var agent = new http.Agent({maxTotalSockets: 1})
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
  var end = count(2, function() {
    after(30, function() {
      pools('done', agent, true)
      done()
    })
  })
  function get(host) {
    http.get({host: host, port: port, agent: agent}, function(res) {
      pools('response of ' + host, agent, true)
      res.on('end', end)
      res.resume()
    })
  }
  get('127.0.0.1')
  get('localhost')
  pools('requests', agent, true)
  release()
})
