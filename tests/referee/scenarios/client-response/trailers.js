// trailers and rawTrailers are there once the response has ended.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nhi\r\n0\r\nX-T: 1\r\nx-t: 2\r\nServer: a\r\nserver: b\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('before', res.trailers, res.rawTrailers)
    res.on('end', function() { log('after', res.trailers, res.rawTrailers) })
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
