// highWaterMark of a server is that of its messages and sockets.
// versions: v26.5-
var server = http.createServer({highWaterMark: 1000}, function(req, res) {
  log('mark', res.writableHighWaterMark)
  if (req.url === '/0') {
    log('small', res.write(repeat('a', 100)))
    res.end()
    return
  }
  res.end()
})
talk(server, 'GET /0 HTTP/1.1\r\nHost: a\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
