// An unknown expectation of a HEAD.
var server = http.createServer(function(req, res) {
  log('request')
  res.end('done')
})
talk(server, 'HEAD / HTTP/1.1\r\nHost: a\r\nExpect: meat\r\nConnection: close\r\n\r\n')
