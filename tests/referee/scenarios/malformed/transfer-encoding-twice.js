// Two Transfer-Encodings.
var server = http.createServer(function(req, res) {
  log('request', req.method, req.url, req.headers)
  res.end()
})
server.on('clientError', function(err, socket) {
  log('clientError', err.code, err.bytesParsed)
  if (socket) socket.destroy()
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n\r\n', function(peer) {
  peer.closed(done)
  after(300, done)
})
