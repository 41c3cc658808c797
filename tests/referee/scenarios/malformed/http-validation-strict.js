// A server with strict validation refuses control characters in values.
// versions: v26.5-
var server = http.createServer({httpValidation: 'strict'}, function(req, res) { res.end() })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: a\x01b\r\nConnection: close\r\n\r\n')
