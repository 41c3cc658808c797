// A reason phrase with a line end is refused.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  attempt('writeHead', function() { res.writeHead(200, 'a\r\nX: b') })
  res.destroy()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
