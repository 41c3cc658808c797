// Set-Cookie is always a list.
var server = http.createServer(function(req, res) {
  log('set-cookie', req.headers['set-cookie'])
  res.end()
})
talk(server, 'GET /one HTTP/1.1\r\nHost: a\r\nSet-Cookie: a=1\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('GET /two HTTP/1.1\r\nHost: a\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2, c\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
