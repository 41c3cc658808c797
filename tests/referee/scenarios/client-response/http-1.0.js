// A response of HTTP/1.0.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('status', res.httpVersion, res.statusCode)
    res.on('end', function() { log('complete', res.complete) })
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
