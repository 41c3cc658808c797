// A server may have a limit of its own.
// versions: v19.0-
var server = http.createServer({maxHeaderSize: 1024}, function(req, res) { res.end('' + req.headers['x-a'].length) })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 500) + '\r\n\r\n', function(peer) {
  peer.until('500', function() {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 2000) + '\r\n\r\n')
    peer.closed(done)
  })
})
