// The answer to HEAD has no body before the next answer.
var server = http.createServer(function(req, res) { res.end(req.url) })
talk(server, 'HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
