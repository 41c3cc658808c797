// A socket counts bytes.
// versions: v0.8 v1.6 v13.14 v19.0
var server = http.createServer(function(req, res) {
  log('read', req.socket.bytesRead)
  res.sendDate = false
  res.on('finish', function() { log('written', req.socket.bytesWritten) })
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
