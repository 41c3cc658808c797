// A connection that the server gives a second is not used any more when it is over.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=1\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    res.on('end', function() {
      after(30, function() {
        pools('idle', agent, true)
        after(1200, function() {
          pools('later', agent, true)
          agent.destroy()
          done()
        })
      })
    })
    res.resume()
  })
})
