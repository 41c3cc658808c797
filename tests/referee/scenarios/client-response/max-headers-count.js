// maxHeadersCount is how many headers of a response are kept.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: 1\r\nX-B: 2\r\nX-C: 3\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('headers', res.headers)
    watch(res, 'res', 'data end aborted error close')
  })
  req.maxHeadersCount = 2
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
