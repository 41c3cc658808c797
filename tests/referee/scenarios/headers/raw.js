// rawHeaders has names as they came, all of them in order.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('raw', req.rawHeaders)
  log('headers', req.headers)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nhOST: a\r\nX-A: 1\r\nContent-Type: a\r\nx-a: 2\r\ncontent-type: b\r\nConnection: close\r\n\r\n')
