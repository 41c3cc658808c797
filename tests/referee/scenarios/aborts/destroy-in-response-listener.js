// destroy as soon as the response's head is there.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    req.destroy()
  })
  watch(req, 'req', 'response abort error close')
  req.on('close', done)
})
