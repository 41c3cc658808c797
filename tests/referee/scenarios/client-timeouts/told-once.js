// A silent connection is told of once.
// versions: v1.6-
var req
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    req.setTimeout(40)
    after(250, function() {
      req.abort()
      done()
    })
  })
}, function(port) {
  req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'timeout')
  req.on('error', function() {})
})
