// A client of HTTP/1.0 says TE: chunked.
var server = http.createServer(function(req, res) { res.write('hel'); res.end('lo') })
talk(server, 'GET / HTTP/1.0\r\nTE: chunked\r\n\r\n')
