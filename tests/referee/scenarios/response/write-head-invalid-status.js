// A status outside of 100 to 999 is refused, and nothing is sent.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  attempt('99', function() { res.writeHead(99) })
  attempt('1000', function() { res.writeHead(1000) })
  attempt('-1', function() { res.writeHead(-1) })
  res.end('ok')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
