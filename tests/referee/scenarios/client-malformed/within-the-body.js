// Malformed bytes behind good ones: the response has begun.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n') })
  peer.until('go', function() { peer.write('zz\r\n') })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 9}}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    res.on('data', function() { req.write('go') })
  })
  req.on('error', function(err) { log('error', err, err.bytesParsed) })
  watch(req, 'req', 'response close')
  req.on('close', done)
  req.write('a')
})
