// A write that answers false is followed by 'drain' when it has left.
// versions: v0.8
answer(function(peer) {
  peer.stop()
  after(100, function() { peer.read() })
  peer.until('last', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 10000004}})
  watch(req, 'req', 'error')
  req.on('socket', function(socket) {
    socket.on('connect', function() {
      log('write', req.write(repeat('0123456789', 1000000)))
      req.once('drain', function() {
        log('drain')
        req.end('last')
      })
    })
  })
})
