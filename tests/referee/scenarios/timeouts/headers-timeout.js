// A client that does not finish its head in time is answered with 408.
// versions: v19.0-
var server = http.createServer({headersTimeout: 100, connectionsCheckingInterval: 30}, note('request'))
talk(server, 'GET / HTTP/1.1\r\n')
