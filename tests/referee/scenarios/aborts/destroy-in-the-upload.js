// destroy while the request's body is on its way.
// versions: v1.6-
var req
answer(function(peer) {
  peer.until('part', function() { req.destroy() })
}, function(port) {
  req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'finish response abort error close')
  req.on('close', done)
  req.write('part')
})
