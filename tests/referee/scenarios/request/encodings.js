// The encodings of what is written.
// versions: v1.6-
answer(function(peer) {
  peer.until('f', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Content-Length': 10}})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.write('6162', 'hex')
  req.write('Y2Q=', 'base64')
  req.write('\u00e9', 'binary')
  req.write('\u00e9', 'utf8')
  req.write('e', 'ucs2')
  req.end(bytes('f'))
})
