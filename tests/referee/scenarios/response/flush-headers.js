// flushHeaders sends the head before there is a body.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  go = function() { res.end('hello') }
  res.setHeader('X-A', '1')
  res.flushHeaders()
  log('sent', res.headersSent)
})
var go
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() { go() })
  peer.closed(done)
})
