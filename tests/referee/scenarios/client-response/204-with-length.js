// A 204 response has no body, even if it has a Content-Length.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n')
    peer.end()
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('length', res.headers['content-length'])
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
