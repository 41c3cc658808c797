// The socket of a request that takes too long tells an error.
// versions: v19.0-
var server = http.createServer({headersTimeout: 100, connectionsCheckingInterval: 30}, function() {})
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, 'GET / HTTP/1.1\r\nHo', function(peer) { peer.closed(function() { after(30, done) }) })
