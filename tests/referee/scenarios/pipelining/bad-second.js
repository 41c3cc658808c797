// Bytes that are not HTTP behind a request.
var server = http.createServer(function(req, res) {
  log('url', req.url)
  res.end(req.url)
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\x00\x01\x02\r\n\r\n')
