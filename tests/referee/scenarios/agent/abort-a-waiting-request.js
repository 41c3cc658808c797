// A request that is aborted while it waits leaves the queue.
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
  var first = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    res.on('end', function() {
      after(50, function() {
        pools('done', agent)
        done()
      })
    })
    res.resume()
  })
  var second = http.get({host: '127.0.0.1', port: port, agent: agent})
  second.on('error', function() {})
  pools('two', agent)
  second.abort()
  release()
})
