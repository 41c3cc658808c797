// A connection is given up agentKeepAliveTimeoutBuffer before the end that its server tells.
// versions: v26.5-
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  function use(buffer, next) {
    var agent = new http.Agent({keepAlive: true, timeout: 5000, agentKeepAliveTimeoutBuffer: buffer})
    http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('end', function() {
        after(30, function() {
          log('buffer', buffer)
          pools('idle', agent)
          after(400, function() {
            pools('later', agent)
            agent.destroy()
            next()
          })
        })
      })
      res.resume()
    })
  }
  use(1900, function() { use(500, function() { use(2000, done) }) })
})
