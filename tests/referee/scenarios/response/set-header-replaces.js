// setHeader replaces a header whatever its case, and sends the case given last.
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', '1')
  res.setHeader('X-B', '2')
  res.setHeader('x-a', '3')
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
