// A status line may end behind the space that separates its reason.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('status', res.statusCode, res.statusMessage)
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
