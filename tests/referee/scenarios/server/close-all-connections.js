// closeAllConnections ends connections that are busy, too.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted error close')
  watch(res, 'res', 'close')
  server.closeAllConnections()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.closed(function(how) { log('peer.closed', how); done() }) })
