// HEAD is answered without a body.
var server = http.createServer(function(req, res) {
  log('method', req.method)
  res.write('hello')
  res.end('bye')
})
talk(server, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
