// Headers that are to be unique are joined.
// versions: v19.0-
var server = http.createServer({uniqueHeaders: ['x-a', 'set-cookie']}, function(req, res) {
  res.setHeader('X-A', ['1', '2'])
  res.setHeader('Set-Cookie', ['a', 'b'])
  res.setHeader('X-B', ['1', '2'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
