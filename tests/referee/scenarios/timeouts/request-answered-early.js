// A request that is being received and has been answered is told of silence.
// versions: v1.6-
var peer
var server = http.createServer(function(req, res) {
  if (req.url !== '/1') { res.end('two'); return }
  req.on('data', function() {})
  req.setTimeout(150, function() {
    log('told', req.socket.destroyed)
    req.socket.setTimeout(0)
    peer.write('defghijGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  })
  res.end('one')
})
server.keepAliveTimeout = 0
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', function(p) {
  peer = p
  peer.closed(done)
})
