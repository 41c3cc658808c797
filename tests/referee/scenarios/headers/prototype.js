// Names that objects have anyway are names as others are.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('constructor', req.headers.constructor)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nconstructor: 1\r\nconstructor: 2\r\nConnection: close\r\n\r\n')
