// requestTimeout holds for the head too.
// versions: v19.0-
var server = http.createServer({requestTimeout: 100, headersTimeout: 0, connectionsCheckingInterval: 30}, note('request'))
talk(server, 'GET / HTTP/1.1\r\n')
