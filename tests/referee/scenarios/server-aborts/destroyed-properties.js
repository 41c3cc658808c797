// What is destroyed says so.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  log('before', req.destroyed, res.destroyed, req.socket.destroyed)
  res.destroy()
  log('after', res.destroyed, req.socket.destroyed)
  attempt('write', function() { return res.write('a') })
  attempt('setHeader', function() { res.setHeader('A', '1') })
  attempt('writeHead', function() { res.writeHead(200) })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.closed(done) })
