// close lets the rest of an answer that its client is slow to read arrive.
// versions: v19.0-
var server = http.createServer(function(req, res) { res.end(repeat('x', 3000000) + 'end') })
watch(server, 'server', 'close')
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.stop()
  after(100, function() {
    log('closing')
    server.close()
    peer.read()
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
