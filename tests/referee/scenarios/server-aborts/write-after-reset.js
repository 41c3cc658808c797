// What is written once the peer is gone is lost without an error.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'finish error')
  req.on('aborted', function() {
    attempt('write', function() { res.write('a') })
    attempt('end', function() { res.end() })
    after(30, done)
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(30, function() { peer.reset() })
})
