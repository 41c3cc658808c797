// A peer that ends its side before it was answered.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end aborted close')
  watch(res, 'res', 'finish close')
  req.on('data', function() {})
  after(50, function() { res.end('hi') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.end()
  peer.closed(function() { after(20, done) })
})
