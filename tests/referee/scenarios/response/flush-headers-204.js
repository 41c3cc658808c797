// flushHeaders of a response that has no body.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.statusCode = 204
  res.flushHeaders()
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
