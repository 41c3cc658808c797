// 'connect' comes whatever the status; a body is left to its listener.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nnope') })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'CONNECT', path: 'a.example:80'})
  watch(req, 'req', 'response upgrade error close')
  req.on('connect', function(res, socket, head) {
    log('connect', res.statusCode, textOf(head))
    socket.destroy()
  })
  req.on('close', done)
  req.end()
})
