// A request without Content-Length or chunks has no body.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
