// req.destroy of a request whose answer has been sent, while the next one is served.
// versions: v19.0-
var first
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    watch(req, 'req', 'end aborted error close')
    first = req
    res.end('one')
    return
  }
  first.destroy()
  log('destroyed', req.socket.destroyed)
  res.end('two')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('one', function() { peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
