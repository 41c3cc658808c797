// A kept connection that the server closes leaves the pool.
// versions: v1.6-
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
    var socket = res.socket
    res.on('end', function() {
      after(30, function() {
        pools('idle', agent)
        socket.on('close', function() {
          after(30, function() {
            pools('closed', agent)
            done()
          })
        })
        peers[0].end()
      })
    })
    res.resume()
  })
})
