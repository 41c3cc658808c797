// These fields join by commas when they repeat.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\n' +
      'Accept: one\r\n' +
      'Accept: two\r\n' +
      'Accept-Charset: one\r\n' +
      'Accept-Charset: two\r\n' +
      'Accept-Encoding: one\r\n' +
      'Accept-Encoding: two\r\n' +
      'Accept-Language: one\r\n' +
      'Accept-Language: two\r\n' +
      'Link: one\r\n' +
      'Link: two\r\n' +
      'Pragma: one\r\n' +
      'Pragma: two\r\n' +
      'Proxy-Authenticate: one\r\n' +
      'Proxy-Authenticate: two\r\n' +
      'Sec-WebSocket-Extensions: one\r\n' +
      'Sec-WebSocket-Extensions: two\r\n' +
      'Sec-WebSocket-Protocol: one\r\n' +
      'Sec-WebSocket-Protocol: two\r\n' +
      'WWW-Authenticate: one\r\n' +
      'WWW-Authenticate: two\r\n' +
      'Via: one\r\n' +
      'Via: two\r\n' +
      'Vary: one\r\n' +
      'Vary: two\r\n' +
      'Allow: one\r\n' +
      'Allow: two\r\n' +
      'Warning: one\r\n' +
      'Warning: two\r\n' +
      'Cache-Control: one\r\n' +
      'Cache-Control: two\r\n' +
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
