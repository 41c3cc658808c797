// Both Content-Length and Transfer-Encoding were set.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', '5')
  res.setHeader('Transfer-Encoding', 'chunked')
  res.end('hello')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
