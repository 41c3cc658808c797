// A Trailer header needs a chunked body.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  attempt('writeHead', function() { res.writeHead(200, {'Trailer': 'X-T', 'Content-Length': '1'}) })
  res.destroy()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
