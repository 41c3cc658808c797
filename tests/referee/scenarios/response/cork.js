// What is written between cork and uncork leaves in order.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.cork()
  res.write('a')
  res.write('b')
  res.uncork()
  res.end('c')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
