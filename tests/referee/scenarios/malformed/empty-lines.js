// Empty lines before a request.
var server = http.createServer(function(req, res) { res.end('hi') })
talk(server, '\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
