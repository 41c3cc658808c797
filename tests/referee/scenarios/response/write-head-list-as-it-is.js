// A list of headers of writeHead leaves as it is, if no header was set.
// versions: v19.0-
var server = http.createServer({uniqueHeaders: ['a']}, function(req, res) {
  res.sendDate = false
  res.writeHead(200, ['A', '1', 'B', '2', 'a', '3', 'Set-Cookie', 'x', 'set-cookie', 'y', 'date', 'D'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
