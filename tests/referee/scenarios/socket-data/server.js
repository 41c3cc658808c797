// Listeners of 'data' of a server's socket hear what it receives, beside the requests.
var server = http.createServer(function(req, res) {
  log('server.request', req.method, req.url)
  req.on('data', function(chunk) { log('body.data', chunk) })
  req.on('end', function() { log('body.end'); res.end('x') })
  req.resume()
})
server.on('connection', function(socket) {
  socket.on('data', function(chunk) { log('server.data', chunk) })
  watch(socket, 'server.socket', 'end close')
})
talk(server, 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe', function(peer) {
  after(50, function() { peer.write('llo') })
  peer.until('x', function() { after(50, function() { peer.write('GET /b HTTP/1.1\r\nHost: a\r\n\r\n') }) })
  peer.until('x', function() { after(50, function() { peer.end() }) })
  peer.closed(done)
})
