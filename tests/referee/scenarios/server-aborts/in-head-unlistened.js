// A peer that ends within the head, and nobody listens.
var server = http.createServer(note('request'))
talk(server, 'GET / HTTP/1.1\r\nHost:', function(peer) {
  peer.end()
  peer.closed(done)
})
