// res.setTimeout sets the timeout of its socket, and calls back on the response.
// versions: v19.0-
var peer
answer(function(p) {
  peer = p
  p.until('\r\n\r\n', function() { p.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end close')
    res.setTimeout(100, function() {
      log('callback')
      peer.write('ho')
    })
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
