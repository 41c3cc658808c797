// A request of HTTP/1.1 without Host is announced.
var server = http.createServer(function(req, res) {
  log('host', req.headers.host)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')
