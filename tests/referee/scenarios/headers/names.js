// A name may have any character of a token.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n!#$%&*+-.^_`|~09aZ: 1\r\nConnection: close\r\n\r\n')
