// destroy while the server thinks.
// versions: v1.6-
var req
answer(function(peer) {
  peer.until('\r\n\r\n', function() { req.destroy() })
  peer.closed(note('peer.closed'))
}, function(port) {
  req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response abort error close')
  req.on('close', done)
})
