// A Content-Length with a sign.
var server = http.createServer(function(req, res) {
  log('request', req.method, req.url, req.headers)
  res.end()
})
server.on('clientError', function(err, socket) {
  log('clientError', err.code, err.bytesParsed)
  if (socket) socket.destroy()
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na', function(peer) {
  peer.closed(done)
  after(300, done)
})
