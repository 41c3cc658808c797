// A client of HTTP/1.0 gets a length if it is known.
var server = http.createServer(function(req, res) { res.end('hello') })
talk(server, 'GET / HTTP/1.0\r\n\r\n')
