// A response knows its socket until it is finished.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('before', res.socket === req.socket, res.connection === req.socket)
  res.on('finish', function() { log('finish', res.socket, req.socket === null) })
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
