// The socket of malformed bytes in the body of a request that is not answered yet tells an error.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req.req', 'data end aborted error close')
  watch(res, 'res.res', 'finish error close')
})
server.on('connection', function(socket) { watch(socket, 'socket.socket', 'error close') })
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', function(peer) {
  after(50, function() { peer.write('z\r\n') })
  peer.closed(function() { after(30, done) })
})
