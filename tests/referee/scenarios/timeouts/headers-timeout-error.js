// headersTimeout comes to 'clientError'.
// versions: v19.0-
var server = http.createServer({headersTimeout: 100, connectionsCheckingInterval: 30}, note('request'))
server.on('clientError', function(err, socket) { log('clientError', err); if (socket) socket.destroy() })
talk(server, 'GET / HTTP/1.1\r\n')
