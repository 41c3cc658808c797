// A connection that never sends a byte has as long as a head may take.
// versions: v19.0-
var server = http.createServer({headersTimeout: 150, requestTimeout: 10000, keepAliveTimeout: 0, connectionsCheckingInterval: 30}, note('request'))
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, '', function(peer) { peer.closed(done) })
