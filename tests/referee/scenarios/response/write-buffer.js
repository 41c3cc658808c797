// write and end take bytes.
var server = http.createServer(function(req, res) {
  res.write(bytes('\x00\xff'))
  res.end(bytes('\r\n'))
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
