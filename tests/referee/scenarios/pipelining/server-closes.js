// What follows an answer with Connection: close is not answered.
var server = http.createServer(function(req, res) {
  log('url', req.url)
  res.setHeader('Connection', 'close')
  res.end(req.url)
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
