// A head that takes too long in older versions.
// versions: v13.14
var server = http.createServer(note('request'))
server.headersTimeout = 100
server.on('connection', function(socket) { watch(socket, 'socket', 'close') })
talk(server, 'GET / HTTP/1.1\r\nHo', function(peer) {
  after(400, function() { peer.write('st: a\r\n') })
  peer.closed(done)
})
