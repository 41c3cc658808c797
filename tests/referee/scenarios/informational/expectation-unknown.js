// An unknown expectation, without a listener.
var server = http.createServer(function(req, res) {
  log('request')
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: meat\r\nConnection: close\r\n\r\n')
