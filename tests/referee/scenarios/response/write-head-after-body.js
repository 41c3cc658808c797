// writeHead fails once a piece of the body was written.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.write('a')
  attempt('writeHead', function() { res.writeHead(202) })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
