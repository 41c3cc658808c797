// The beginning of TLS.
var server = http.createServer(function(req, res) {
  log('request', req.method, req.url, req.headers)
  res.end()
})
server.on('clientError', function(err, socket) {
  log('clientError', err.code, err.bytesParsed)
  if (socket) socket.destroy()
})
talk(server, '\x16\x03\x01\x02\x00\x01', function(peer) {
  peer.closed(done)
  after(300, done)
})
