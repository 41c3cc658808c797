// closeIdleConnections while the body of a request is being received that has been answered leaves its connection.
// versions: v19.0-
var served = 0
var server = http.createServer(function(req, res) {
  served++
  req.on('data', function(chunk) { log('data', textOf(chunk)) })
  req.on('end', function() { log('end') })
  res.end('answer ' + served)
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe', function(peer) {
  peer.until('answer 1', function() {
    after(30, function() {
      server.closeIdleConnections()
      log('closing')
      after(50, function() {
        peer.write('llo')
        peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      })
    })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
