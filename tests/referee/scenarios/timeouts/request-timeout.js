// A client that does not finish its request in time is answered with 408.
// versions: v19.0-
var server = http.createServer({requestTimeout: 400, headersTimeout: 300, connectionsCheckingInterval: 30}, function(req, res) {
  watch(req, 'req', 'data end aborted error close')
  watch(res, 'res', 'close')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel')
