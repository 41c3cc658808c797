// A server that closes idle connections and a client that tries again, of the document of reusedSocket.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
var replies = 0
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    replies = replies + 1
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
  })
  peer.until('\r\n\r\n', function() { peer.destroy() })
}, function(port) {
  function retriableRequest(last) {
    var req = http.request({host: '127.0.0.1', port: port, agent: agent})
    req.on('response', function(res) {
      log('response', req.reusedSocket)
      res.on('end', function() {
        if (last) {
          agent.destroy()
          done()
        } else {
          after(30, function() { retriableRequest(true) })
        }
      })
      res.resume()
    })
    req.on('error', function(err) {
      log('error', err.code, req.reusedSocket)
      if (req.reusedSocket && err.code === 'ECONNRESET') retriableRequest(true)
    })
    req.end()
  }
  retriableRequest(false)
})
