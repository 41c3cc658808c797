// A head just below the limit is taken.
var server = http.createServer(function(req, res) { res.end('' + req.headers['x-a'].length) })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 8000) + '\r\nConnection: close\r\n\r\n')
