// requests, sockets and freeSockets after each step, with keepAlive.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true, maxSockets: 1})
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
  pools('at first', agent, true)
  var first = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    pools('response', agent, true)
    res.on('end', function() { pools('end', agent, true) })
    res.resume()
  })
  pools('one request', agent, true)
  var second = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    pools('second response', agent, true)
    res.on('end', function() {
      after(30, function() {
        pools('both done', agent, true)
        agent.destroy()
        after(30, function() {
          pools('destroyed', agent, true)
          done()
        })
      })
    })
    res.resume()
  })
  pools('two requests', agent, true)
  release()
})
