// A head that is flushed while a response is corked, and information before it.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.cork()
  res.writeContinue()
  res.flushHeaders()
  log('headersSent', res.headersSent)
  res.write('a', function() { log('written') })
  res.uncork()
  res.end('b')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
