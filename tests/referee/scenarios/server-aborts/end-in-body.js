// A peer that ends within the body.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish close')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) {
  after(30, function() { peer.end() })
  peer.closed(function() { after(30, done) })
})
