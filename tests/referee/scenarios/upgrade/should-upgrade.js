// shouldUpgradeCallback decides which requests are upgrades.
// versions: v26.5-
var server = http.createServer({shouldUpgradeCallback: function(req) {
  log('asked', req.url, req.headers.upgrade)
  return req.url === '/yes'
}}, function(req, res) {
  log('request', req.url)
  res.end('plain')
})
server.on('upgrade', function(req, socket, head) {
  log('upgrade', req.url, textOf(head))
  socket.end('switched')
})
talk(server, 'GET /no HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n', function(peer) {
  peer.until('plain', function() {
    peer.write('GET /yes HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    peer.closed(done)
  })
})
