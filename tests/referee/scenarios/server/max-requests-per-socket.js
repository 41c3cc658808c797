// After so many requests a connection ends; the last answer says so.
// versions: v19.0-
var server = http.createServer(function(req, res) { res.end('hi') })
server.maxRequestsPerSocket = 2
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    peer.until('hi', function() { after(100, function() { log('still open'); done() }) })
  })
  peer.closed(note('closed'))
})
