// Set-Cookie is a list, of one value too.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\n' +
      'Set-Cookie: a=1; Path=/\r\n' +
      'Set-Cookie: b=2\r\n' +
      'Set-Cookie: a=3\r\n' +
      'Content-Length: 0\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('headers', res.headers)
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
