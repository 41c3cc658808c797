// Without sendDate there is no Date header.
var server = http.createServer(function(req, res) {
  log('sendDate', res.sendDate)
  res.sendDate = false
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
