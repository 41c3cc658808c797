// The timeout of a response, and the next request of its connection.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    res.setTimeout(100)
    res.end('one')
  } else {
    after(400, function() { res.end('two') })
  }
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('one', function() {
    peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  })
  peer.closed(done)
})
