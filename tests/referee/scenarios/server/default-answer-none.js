// A server without a listener does not answer.
var server = http.createServer()
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) {
  peer.closed(note('closed'))
  after(100, done)
})
