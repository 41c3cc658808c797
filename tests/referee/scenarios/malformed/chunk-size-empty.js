// A chunk without a size.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  req.on('end', function() { res.end() })
})
server.on('clientError', function(err, socket) {
  log('clientError', err.code)
  if (socket) socket.destroy()
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\r\na\r\n0\r\n\r\n', function(peer) {
  peer.closed(function() { after(20, done) })
  after(300, done)
})
