// A client of HTTP/1.0 that says TE: chunked gets chunks.
var server = http.createServer(function(req, res) { res.write('hel'); res.end('lo') })
talk(server, 'GET / HTTP/1.0\r\nTE: chunked\r\n\r\n')
