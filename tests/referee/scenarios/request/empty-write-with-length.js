// An empty write of a request with a length, from which nothing follows but the head.
answer(function(peer) {
  peer.until('a', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 1}})
  watch(req, 'req', 'error')
  req.on('socket', function(socket) {
    socket.on('connect', function() {
      req.write('')
      req.write('a')
      req.write('')
      req.end()
    })
  })
})
