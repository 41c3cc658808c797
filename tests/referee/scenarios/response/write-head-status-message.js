// The second argument of writeHead is the reason phrase.
var server = http.createServer(function(req, res) {
  res.writeHead(404, 'Gone Fishing', {'X-A': '1'})
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
