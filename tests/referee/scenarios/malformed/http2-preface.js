// The preface of HTTP/2.
var server = http.createServer(function(req, res) {
  log('request', req.method, req.url, req.headers)
  res.end()
})
server.on('clientError', function(err, socket) {
  log('clientError', err.code, err.bytesParsed)
  if (socket) socket.destroy()
})
talk(server, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', function(peer) {
  peer.closed(done)
  after(300, done)
})
