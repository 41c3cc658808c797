// What the properties of a stream tell before and after the end.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('before', res.writableEnded, res.writableFinished, res.finished, res.headersSent)
  res.on('finish', function() { log('finish', res.writableEnded, res.writableFinished, res.finished) })
  res.end('a')
  log('after', res.writableEnded, res.finished, res.headersSent)
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
