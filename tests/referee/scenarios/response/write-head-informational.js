// writeHead of an informational status is a final answer without a body.
var server = http.createServer(function(req, res) {
  attempt('writeHead', function() { res.writeHead(102); return 'ok' })
  res.end('body')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
