// The answer tells how long a connection is kept, in whole seconds.
// versions: v19.0-
var server = http.createServer({keepAliveTimeout: 7900}, function(req, res) { res.end('hi') })
server.maxRequestsPerSocket = 9
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('hi', done) })
