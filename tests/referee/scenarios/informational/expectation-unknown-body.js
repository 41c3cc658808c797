// An unknown expectation with a body, and a request behind it.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('request', req.url)
  res.end('done')
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nExpect: meat\r\nContent-Length: 4\r\n\r\nbodyGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
