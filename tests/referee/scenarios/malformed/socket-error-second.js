// The socket of malformed bytes behind a request that has been answered tells an error.
var server = http.createServer(function(req, res) { res.end('hi') })
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() { peer.write('FOO BAR\r\n\r\n') })
  peer.closed(function() { after(30, done) })
})
