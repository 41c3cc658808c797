// A flat list given to writeHead names a field several times, one that setHeader has set.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.setHeader('A', '0')
  res.writeHead(200, ['A', '1', 'B', '2', 'a', '3'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
