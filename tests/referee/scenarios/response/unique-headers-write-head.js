// uniqueHeaders holds for writeHead, too.
// versions: v19.0-
var server = http.createServer({uniqueHeaders: ['X-One']}, function(req, res) {
  res.setHeader('X-One', ['a', 'b'])
  res.appendHeader('X-One', 'c')
  res.writeHead(200, {'X-Two': ['d', 'e']})
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
