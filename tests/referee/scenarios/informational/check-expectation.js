// An unknown expectation comes to 'checkExpectation'.
// versions: v13.14-
var server = http.createServer(note('request'))
server.on('checkExpectation', function(req, res) {
  log('checkExpectation', req.headers.expect)
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: meat\r\nConnection: close\r\n\r\n')
