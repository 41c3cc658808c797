// A client of HTTP/1.0 that says TE: chunked keeps its connection if the length of
// the answer is known.
var server = http.createServer(function(req, res) { res.end('hello') })
talk(server, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\nTE: chunked\r\n\r\n', function(peer) {
  peer.until('hello', function() { peer.end() })
  peer.closed(done)
})
