// A connection that becomes idle when its server has been closed ends with keepAliveTimeout.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(req.socket, 'socket', 'close')
  server.close()
  after(20, function() { res.end('answer') })
})
server.keepAliveTimeout = 400
watch(server, 'server', 'close')
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('answer', function() {
    after(100, function() { log('still open') })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
