// closeAllConnections within a request ends it without an answer.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted error close')
  watch(res, 'res', 'error close finish')
  server.closeAllConnections()
  log('destroyed', req.destroyed, req.socket.destroyed)
  attempt('end', function() { return typeof res.end() })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
