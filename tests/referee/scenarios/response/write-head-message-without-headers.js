// writeHead takes a reason phrase and no headers.
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', '1')
  res.writeHead(404, 'Gone Fishing')
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
