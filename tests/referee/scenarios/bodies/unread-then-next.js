// A body that nobody reads does not hold the next request.
var server = http.createServer(function(req, res) {
  log('url', req.url)
  res.end('hi')
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
