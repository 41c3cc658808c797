// The high-water mark of a response.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('mark', res.writableHighWaterMark)
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
