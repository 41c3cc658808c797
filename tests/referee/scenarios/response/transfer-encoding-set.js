// A Transfer-Encoding that was set is not added again.
var server = http.createServer(function(req, res) {
  res.setHeader('Transfer-Encoding', 'chunked')
  res.end('hello')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
