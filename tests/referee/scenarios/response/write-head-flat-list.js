// writeHead takes a flat list of names and values, repeated names included.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeHead(200, ['X-A', '1', 'X-B', '2', 'x-a', '3'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
