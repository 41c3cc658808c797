// Requests in a row beyond the limit are all refused, with a listener or without.
// versions: v19.0-
var server = http.createServer(function(req, res) { log('request', req.url); res.end('hi') })
server.maxRequestsPerSocket = 1
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
