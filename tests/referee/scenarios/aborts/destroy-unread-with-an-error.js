// destroy with an error when the response has arrived and nobody has read it.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'end aborted error close')
    after(50, function() { req.destroy(new Error('mine')) })
  })
  req.on('error', function(err) { log('req error', err.message) })
  watch(req, 'req', 'response abort close')
  req.on('close', function() { after(50, done) })
})
