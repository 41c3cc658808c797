// A request that is being received is told of silence, whatever answers wait before its own.
// versions: v1.6-
var first
var server = http.createServer(function(req, res) {
  if (req.url === '/1') { first = res; return }
  req.on('data', function() {})
  req.on('end', function() { res.end('two') })
  req.setTimeout(150, function() {
    log('told', req.socket.destroyed)
    req.setTimeout(0)
    first.end('one')
  })
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc', function(peer) {
  peer.until('one', function() { peer.write('defghij') })
  peer.closed(done)
})
