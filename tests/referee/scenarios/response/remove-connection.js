// Without a Connection header the connection ends, even if the client would go on.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.removeHeader('Connection')
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
