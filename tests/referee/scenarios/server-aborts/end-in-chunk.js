// A peer that ends within a chunk.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  req.on('close', function() { log('complete', req.complete) })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel', function(peer) {
  after(30, function() { peer.end() })
  peer.closed(function() { after(30, done) })
})
