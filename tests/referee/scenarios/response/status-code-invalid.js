// A status code that is none keeps the head from leaving; it can be mended.
// versions: v13.14 v19.0
var server = http.createServer(function(req, res) {
  res.statusCode = 1000
  attempt('end', function() { res.end('x') })
  res.statusCode = 404
  attempt('end again', function() { res.end('y') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
