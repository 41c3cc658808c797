// Answers leave in the order of requests.
var server = http.createServer(function(req, res) {
  log('url', req.url)
  res.end(req.url)
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
