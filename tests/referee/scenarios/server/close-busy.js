// close waits for the answer that a connection waits for.
var server = http.createServer(function(req, res) {
  server.close()
  after(30, function() {
    log('answer')
    res.end('hi')
  })
})
watch(server, 'server', 'close')
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) { peer.closed(function() { after(50, done) }) })
