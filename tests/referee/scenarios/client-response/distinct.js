// headersDistinct and trailersDistinct have a list for every name.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nX-A: 1\r\nAge: 1\r\nAge: 2\r\nx-a: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\nt: 2\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('headers', res.headersDistinct['x-a'], res.headersDistinct['age'])
    res.on('end', function() { log('trailers', res.trailersDistinct) })
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
