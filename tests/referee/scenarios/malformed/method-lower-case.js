// Methods are in upper case.
var server = http.createServer(function(req, res) {
  log('request', req.method, req.url, req.headers)
  res.end()
})
server.on('clientError', function(err, socket) {
  log('clientError', err.code, err.bytesParsed)
  if (socket) socket.destroy()
})
talk(server, 'get / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(done)
  after(300, done)
})
