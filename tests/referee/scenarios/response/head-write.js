// What is written to the answer to a HEAD does not leave, with or without a length.
var server = http.createServer(function(req, res) {
  if (req.url === '/2') res.setHeader('Content-Length', 6)
  res.write('abc')
  res.end('def')
})
talk(server, 'HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HEAD /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  })
  peer.closed(done)
})
