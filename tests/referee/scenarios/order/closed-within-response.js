// The events of a request whose server leaves before its response is complete.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
  peer.until('go', function() { peer.end() })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {'Content-Length': 2}}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    res.on('data', function() { req.end('go') })
    res.on('close', function() { log('complete', res.complete) })
  })
  watch(req, 'req', 'socket response abort error close')
  req.on('close', done)
  req.write('')
  req.flushHeaders()
})
