// HEAD is answered without a body, even if that is given to end alone.
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'finish')
  res.end('hello')
})
talk(server, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
