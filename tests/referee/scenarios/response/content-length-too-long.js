// Content-Length says more than is written.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', 9)
  attempt('end', function() { res.end('hello') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
