// A client that ends its side before it was answered.
var server = http.createServer(function(req, res) {
  after(20, function() { res.end(req.url) })
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.end()
  peer.closed(done)
})
