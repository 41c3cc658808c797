// close within a request leaves its connection, which serves another request.
var served = 0
var server = http.createServer(function(req, res) {
  served++
  if (served === 1) server.close()
  res.end('answer ' + served)
})
watch(server, 'server', 'close')
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('answer 1', function() {
    after(30, function() {
      log('next')
      peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
