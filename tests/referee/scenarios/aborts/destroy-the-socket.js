// destroy of the socket cuts the request off.
// versions: v1.6-
var req
answer(function(peer) {
  peer.until('\r\n\r\n', function() { req.socket.destroy() })
}, function(port) {
  req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response abort error close')
  req.on('close', done)
})
