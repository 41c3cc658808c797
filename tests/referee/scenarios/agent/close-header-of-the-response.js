// A response with Connection: close ends the connection.
// versions: v1.6-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    res.on('end', function() {
      after(30, function() {
        pools('done', agent)
        done()
      })
    })
    res.resume()
  })
})
