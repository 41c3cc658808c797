// Information does not come behind the head.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Length': 2})
  attempt('continue', function() { res.writeContinue() })
  attempt('processing', function() { res.writeProcessing() })
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
