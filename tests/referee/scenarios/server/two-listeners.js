// Several listeners of 'request' are called in order.
var server = http.createServer(function(req, res) { log('first'); res.write('a') })
server.on('request', function(req, res) { log('second'); res.end('b') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
