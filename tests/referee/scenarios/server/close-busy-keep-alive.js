// close while a keep-alive connection waits for its answer.
var server = http.createServer(function(req, res) {
  server.close()
  after(30, function() { res.end('hi') })
})
watch(server, 'server', 'close')
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() { after(100, done) })
  peer.closed(note('peer.closed'))
})
