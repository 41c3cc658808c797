// What a request tells of its first line.
var server = http.createServer(function(req, res) {
  log('request', req.method, req.url, req.httpVersion, req.httpVersionMajor, req.httpVersionMinor)
  res.end()
})
talk(server, 'GET /a%20b?c=d&e=%C3%A9#f HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('PUT http://b/c HTTP/1.0\r\nHost: a\r\n\r\n')
    peer.closed(done)
  })
})
