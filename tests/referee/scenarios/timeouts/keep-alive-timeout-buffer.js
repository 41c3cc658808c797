// A connection is kept for keepAliveTimeoutBuffer longer than the client is told.
// versions: v26.5-
var server = http.createServer({connectionsCheckingInterval: 20}, function(req, res) { res.end('x') })
log('default', server.keepAliveTimeoutBuffer)
server.keepAliveTimeout = 100
server.keepAliveTimeoutBuffer = 500
log('set', server.keepAliveTimeoutBuffer)
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  var told = false
  peer.closed(function() {
    log('closed', told)
    done()
  })
  after(350, function() { told = true })
})
