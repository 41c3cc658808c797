// The socket of malformed bytes tells an error, and that it had one when it closes.
var server = http.createServer(function() {})
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, 'FOO BAR\r\n\r\n', function(peer) { peer.closed(function() { after(30, done) }) })
