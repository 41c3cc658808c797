// 'connect' delivers the response, the socket and what came behind the head.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 Connection Established\r\n\r\nfirst') })
  peer.until('ping', function() { peer.write('pong') })
  peer.until('bye', function() { peer.end() })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'CONNECT', path: 'a.example:80'})
  watch(req, 'req', 'response upgrade error close')
  req.on('connect', function(res, socket, head) {
    log('connect', res.statusCode, res.headers, textOf(head))
    watch(socket, 'socket', 'data end close')
    socket.on('data', function() { socket.end('bye') })
    socket.on('close', done)
    socket.write('ping')
  })
  req.end()
})
