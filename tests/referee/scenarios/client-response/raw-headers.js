// rawHeaders has the names as they came, in their order, and every repetition.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nB: 1\r\na: 2\r\nb: 3\r\nCONTENT-length: 0\r\nA: 4\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('raw', res.rawHeaders)
    log('headers', res.headers)
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
