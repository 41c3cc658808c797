// A silent connection is destroyed after the server's timeout.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted close')
  watch(res, 'res', 'close')
  watch(req.socket, 'socket', 'timeout close')
})
server.setTimeout(100)
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
