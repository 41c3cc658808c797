// What a request tells of its buffer, and 'prefinish'.
// versions: v13.14-
answer(function(peer) {
  peer.until('abc', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 3}})
  watch(req, 'req', 'error prefinish finish')
  req.on('response', function(res) { res.resume() })
  log('made', req.writableObjectMode, req.writableHighWaterMark, req.writableLength, req.writableCorked, !req.destroyed)
  req.cork()
  log('corked', req.writableCorked)
  req.uncork()
  log('uncorked', req.writableCorked)
  req.on('socket', function(socket) {
    socket.on('connect', function() {
      log('connected', req.writableLength, req.headersSent)
      req.end('abc')
    })
  })
})
