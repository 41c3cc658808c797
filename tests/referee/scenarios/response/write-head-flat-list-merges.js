// A flat list given to writeHead replaces what setHeader has set.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', '0')
  res.writeHead(200, ['X-A', '1', 'X-B', '2'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
