// A server whose sockets are kept alive and collect small packets.
// versions: v19.0-
var server = http.createServer({keepAlive: true, keepAliveInitialDelay: 1000, noDelay: false}, function(req, res) { res.end('a') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
