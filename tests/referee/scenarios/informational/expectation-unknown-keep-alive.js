// An unknown expectation leaves a connection that persists.
var server = http.createServer(function(req, res) {
  log('request', req.url)
  req.resume()
  res.end('done')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\nExpect: meat\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  })
  peer.closed(done)
})
