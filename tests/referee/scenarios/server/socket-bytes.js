// A socket counts bytes.
var server = http.createServer(function(req, res) {
  log('read', req.socket.bytesRead)
  res.sendDate = false
  res.on('finish', function() { log('written', req.socket.bytesWritten) })
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
