// The server resets the connection within the body.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
  peer.until('more', function() { peer.reset() })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 9}}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    res.on('data', function() { req.write('more') })
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
  req.write('a')
})
