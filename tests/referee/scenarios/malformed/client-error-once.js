// What follows malformed bytes does not matter any more.
// versions: v13.14-
var server = http.createServer(note('request'))
server.on('clientError', function(err, socket) {
  log('clientError', err.code)
  after(50, function() { socket.end() })
})
talk(server, 'GET / FOO/1.1\r\n\r\n', function(peer) {
  after(20, function() { peer.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n') })
  peer.closed(function() { after(20, done) })
})
