// aborted tells that abort was called; older versions have a time for it.
// versions: v1.6-
var req
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    log('before', !req.aborted)
    req.abort()
    log('after', !req.aborted)
  })
  peer.closed(done)
}, function(port) {
  req = http.get({host: '127.0.0.1', port: port, agent: false})
  req.on('error', function() {})
})
