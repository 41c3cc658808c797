// The socket of a head that is too large tells an error.
// versions: v13.14-
var server = http.createServer({maxHeaderSize: 1000}, function() {})
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, 'GET / HTTP/1.1\r\nHost: ' + repeat('a', 2000) + '\r\n\r\n', function(peer) { peer.closed(function() { after(30, done) }) })
