// The server leaves behind the headers.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n')
    peer.end()
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    res.on('close', function() { log('complete', res.complete) })
    watch(res, 'res', 'data end aborted error close')
  })
  req.on('error', function(err) { log('message', err.message) })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
