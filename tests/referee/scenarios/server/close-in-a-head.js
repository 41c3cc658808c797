// close while the head of a connection's second request is being received leaves the connection.
var served = 0
var server = http.createServer(function(req, res) {
  served++
  res.end('answer ' + served)
})
watch(server, 'server', 'close')
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('answer 1', function() {
    peer.write('GET /2 HTTP/1.1\r\nHost: a\r\n')
    after(50, function() {
      server.close()
      log('closing')
      after(50, function() { peer.write('Connection: close\r\n\r\n') })
    })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
