// Malformed chunks while the answer is under way.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish close')
  res.write('a')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', function(peer) {
  peer.until('a\r\n', function() { peer.write('x\r\n') })
  peer.closed(function() { after(20, done) })
})
