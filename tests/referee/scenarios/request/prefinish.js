// 'prefinish' of a request comes before 'finish', when all of it has been handed on.
// versions: v1.6-
answer(function(peer) {
  peer.until('abc', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 3}})
  watch(req, 'req', 'error prefinish')
  req.on('finish', function() { log('req finish', req.headersSent) })
  req.on('response', function(res) { res.resume() })
  log('made', req.headersSent)
  req.on('socket', function(socket) {
    socket.on('connect', function() {
      req.end('abc')
    })
  })
})
