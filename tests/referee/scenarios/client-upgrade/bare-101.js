// 101 without an Upgrade header names no protocol to switch to.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    after(50, function() { peer.end() })
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('status', res.statusCode)
    watch(res, 'res', 'data end aborted error close')
  })
  req.on('upgrade', function(res, socket) {
    log('upgrade', res.statusCode)
    socket.destroy()
  })
  watch(req, 'req', 'response information error close')
  req.on('close', done)
})
