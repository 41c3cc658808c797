// Of these fields the first counts, and repetitions are dropped.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\n' +
      'Age: one\r\n' +
      'Age: two\r\n' +
      'Authorization: one\r\n' +
      'Authorization: two\r\n' +
      'Content-Type: one\r\n' +
      'Content-Type: two\r\n' +
      'ETag: one\r\n' +
      'ETag: two\r\n' +
      'Expires: one\r\n' +
      'Expires: two\r\n' +
      'From: one\r\n' +
      'From: two\r\n' +
      'Host: one\r\n' +
      'Host: two\r\n' +
      'If-Modified-Since: one\r\n' +
      'If-Modified-Since: two\r\n' +
      'If-Unmodified-Since: one\r\n' +
      'If-Unmodified-Since: two\r\n' +
      'Last-Modified: one\r\n' +
      'Last-Modified: two\r\n' +
      'Location: one\r\n' +
      'Location: two\r\n' +
      'Max-Forwards: one\r\n' +
      'Max-Forwards: two\r\n' +
      'Proxy-Authorization: one\r\n' +
      'Proxy-Authorization: two\r\n' +
      'Referer: one\r\n' +
      'Referer: two\r\n' +
      'Retry-After: one\r\n' +
      'Retry-After: two\r\n' +
      'Server: one\r\n' +
      'Server: two\r\n' +
      'User-Agent: one\r\n' +
      'User-Agent: two\r\n' +
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
