// Expect: 100-continue is answered by itself.
var server = http.createServer(function(req, res) {
  log('expect', req.headers.expect)
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end('done') })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n', function(peer) {
  peer.until('100 Continue\r\n\r\n', function() { peer.write('hi') })
  peer.closed(done)
})
