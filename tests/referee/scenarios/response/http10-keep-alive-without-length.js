// A connection of HTTP/1.0 ends if the length is not set, though the client asks for keep-alive.
var server = http.createServer(function(req, res) { res.write('hel'); res.end('lo') })
talk(server, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
