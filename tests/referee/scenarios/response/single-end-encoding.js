// The length of a text is that of its bytes.
var server = http.createServer(function(req, res) { res.end('\u20ac\xe9', 'utf8') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
