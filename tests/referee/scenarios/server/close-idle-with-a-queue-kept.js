// closeIdleConnections while answers stand in line leaves the connection, which serves another request.
// versions: v19.0-
var first, second
var server = http.createServer(function(req, res) {
  log('request', req.url)
  if (req.url === '/1') { first = res; return }
  if (req.url === '/3') { res.end('third'); return }
  second = res
  server.closeIdleConnections()
  after(20, function() { first.end('first') })
  after(60, function() { second.end('second') })
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('second', function() {
    after(30, function() { peer.write('GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') })
  })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
