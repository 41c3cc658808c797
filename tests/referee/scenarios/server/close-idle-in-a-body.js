// closeIdleConnections while the body of a request is being received leaves its connection.
// versions: v19.0-
var served = 0
var server = http.createServer(function(req, res) {
  served++
  if (served === 1) server.closeIdleConnections()
  req.on('data', function(chunk) { log('data', textOf(chunk)) })
  req.on('end', function() { res.end('answer ' + served) })
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe', function(peer) {
  after(50, function() { peer.write('llo') })
  peer.until('answer 1', function() {
    after(30, function() { peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
