// The callback of an empty write is called.
// versions: v13.14-
answer(function(peer) {
  peer.until('0\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'error')
  req.write('', function() { log('written.empty') })
  req.write('a', function() { log('written.a') })
  req.end()
})
