// A connection that falls silent in the head of its next request is closed by keepAliveTimeout.
// versions: v13.14-
var server = http.createServer(function(req, res) { res.end('hi') })
server.keepAliveTimeout = 300
server.on('connection', function(socket) { watch(socket, 'socket', 'timeout error close') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo', function(peer) { peer.closed(done) })
