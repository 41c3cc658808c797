// Without a keepAliveTimeout the answer tells none.
// versions: v13.14-
var server = http.createServer(function(req, res) { res.end('hi') })
server.keepAliveTimeout = 0
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('hi', done) })
