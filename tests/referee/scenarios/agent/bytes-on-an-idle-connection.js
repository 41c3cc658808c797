// Bytes on an idle connection, which nobody asked for, end it.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
var peers = []
answer(function(peer) {
  peers.push(peer)
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    res.on('end', function() {
      after(30, function() {
        pools('idle', agent, true)
        peers[0].write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
        after(50, function() {
          pools('written to', agent, true)
          agent.destroy()
          done()
        })
      })
    })
    res.resume()
  })
})
