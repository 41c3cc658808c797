// What is said of the socket may be said at any time.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'error')
  attempt('made.setNoDelay', function() { req.setNoDelay(true) })
  attempt('made.setSocketKeepAlive', function() { req.setSocketKeepAlive(true, 1000) })
  req.on('socket', function(socket) {
    attempt('socket.setNoDelay', function() { req.setNoDelay(false) })
    socket.on('connect', function() {
      attempt('connect.setNoDelay', function() { req.setNoDelay() })
      attempt('connect.setSocketKeepAlive', function() { req.setSocketKeepAlive(false) })
      req.end()
    })
  })
  req.on('response', function(res) {
    log('response')
    res.on('end', done)
    res.resume()
  })
})
