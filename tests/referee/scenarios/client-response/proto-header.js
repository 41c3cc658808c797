// A field may be named like a property that objects have.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nconstructor: 1\r\ntoString: 2\r\nContent-Length: 0\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('values', res.headers['constructor'], res.headers['tostring'])
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
