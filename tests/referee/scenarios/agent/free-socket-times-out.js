// A socket in the pool that is silent for the agent's timeout is destroyed.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true, timeout: 150})
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    res.on('end', function() {
      after(50, function() {
        pools('soon', agent, true)
        after(400, function() {
          pools('later', agent, true)
          agent.destroy()
          done()
        })
      })
    })
    res.resume()
  })
})
