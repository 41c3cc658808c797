// Malformed chunks while a request waits for its answer.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'finish close')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', function(peer) {
  peer.closed(function() { after(20, done) })
  after(300, done)
})
