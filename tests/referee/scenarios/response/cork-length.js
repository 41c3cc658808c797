// A response with a length is corked.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Length': 3})
  res.cork()
  res.write('a')
  res.write('b')
  res.uncork()
  res.uncork()
  res.end('c')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
