// Callbacks of write and end come in order, before finish.
// versions: v13.14-
answer(function(peer) {
  peer.until('0\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.on('finish', note('finish'))
  req.write('a', function() { log('written') })
  req.end('b', function() { log('ended') })
})
