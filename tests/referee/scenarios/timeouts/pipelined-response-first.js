// The answer whose turn it is is told of silence, while the next request is being received.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url !== '/1') {
    req.on('data', function() {})
    req.on('end', function() { res.end('two') })
    return
  }
  res.setTimeout(150, function() {
    log('told', req.socket.destroyed)
    req.socket.setTimeout(0)
    res.end('one')
  })
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc', function(peer) {
  peer.until('one', function() { peer.write('defghij') })
  peer.closed(done)
})
