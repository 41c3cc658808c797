// destroy of a request that has a connection.
// versions: v0.8
var req
answer(function(peer) {
  peer.until('\r\n\r\n', function() { req.destroy() })
  peer.closed(function() { after(20, done) })
}, function(port) {
  req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'response error close')
})
