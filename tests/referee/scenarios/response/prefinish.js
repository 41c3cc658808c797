// 'prefinish' comes within end.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'prefinish finish')
  res.end('a')
  log('returned')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
