// write and end take text in an encoding.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.write('\xe9', 'binary')
  res.write('\xe9\u20ac', 'utf8')
  res.write('68656c6c6f', 'hex')
  res.end('aGVsbG8=', 'base64')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
