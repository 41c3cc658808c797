// An unknown expectation of a client of HTTP/1.0.
var server = http.createServer(function(req, res) {
  log('request')
  res.end('done')
})
talk(server, 'GET / HTTP/1.0\r\nHost: a\r\nExpect: meat\r\n\r\n')
