// The limit of a server may be larger than the usual one.
// versions: v13.14-
var server = http.createServer({maxHeaderSize: 100000}, function(req, res) { res.end('' + req.headers['x-a'].length) })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 50000) + '\r\nConnection: close\r\n\r\n')
