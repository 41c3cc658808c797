// maxHeaderSize bounds the headers of the response.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nX-A: ' + repeat('x', 300) + '\r\nContent-Length: 0\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, maxHeaderSize: 200}, function(res) {
    log('status', res.statusCode)
    watch(res, 'res', 'data end aborted error close')
  })
  req.on('error', function(err) { log('error', err, err.bytesParsed) })
  watch(req, 'req', 'response close')
  req.on('close', done)
})
