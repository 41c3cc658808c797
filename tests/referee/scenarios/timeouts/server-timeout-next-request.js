// The timeout of a server between requests, and for the next one.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  if (req.url === '/2') res.on('close', function() { log('close') })
  else res.end('one')
})
server.setTimeout(150, function(socket) {
  log('timeout')
  socket.destroy()
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('one', function() {
    after(400, function() {
      log('write')
      peer.write('GET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
    })
  })
  peer.closed(function() { after(50, done) })
})
