// closeIdleConnections while the head of a connection's first request is being received leaves the connection.
// versions: v19.0-
var server = http.createServer(function(req, res) { res.end('answer') })
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n', function(peer) {
  after(50, function() {
    server.closeIdleConnections()
    log('closing')
    after(50, function() { peer.write('Connection: close\r\n\r\n') })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
