// Headers given to writeHead are checked, and none of them is sent.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  attempt('name', function() { res.writeHead(201, {'a b': '1'}) })
  res.end('ok')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
