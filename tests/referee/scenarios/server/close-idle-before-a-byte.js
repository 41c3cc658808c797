// closeIdleConnections and a connection that sends its first request afterwards.
// versions: v19.0-
var server = http.createServer(function(req, res) { res.end('answer') })
talk(server, '', function(peer) {
  after(50, function() {
    server.closeIdleConnections()
    log('closing')
    after(50, function() {
      log('writing')
      peer.write('GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
