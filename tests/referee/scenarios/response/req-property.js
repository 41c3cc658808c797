// A response knows its request.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  log('req', res.req === req)
  res.on('finish', function() { log('finish', res.req === req) })
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
