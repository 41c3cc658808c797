// The response to HEAD has no body, whatever its Content-Length.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
  })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'HEAD'}, function(res) {
    log('length', res.headers['content-length'])
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
  req.end()
})
