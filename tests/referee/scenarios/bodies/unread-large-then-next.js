// A large body that nobody reads does not hold the next request.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('url', req.url)
  res.end('hi')
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n' + repeat('a', 300000) + 'GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
