// A kept connection serves the next request; reusedSocket tells.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var first = http.get({host: '127.0.0.1', port: port, agent: agent, path: '/1'}, function(res) {
    var socket = res.socket
    log('first', first.reusedSocket)
    res.on('end', function() {
      after(30, function() {
        pools('idle', agent, true)
        var second = http.request({host: '127.0.0.1', port: port, agent: agent, path: '/2'})
        pools('in use', agent, true)
        second.on('response', function(res) {
          log('second', second.reusedSocket, res.socket === socket)
          res.on('end', function() {
            agent.destroy()
            done()
          })
          res.resume()
        })
        second.end()
      })
    })
    res.resume()
  })
})
