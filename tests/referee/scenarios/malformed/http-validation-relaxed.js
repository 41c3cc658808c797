// A server with relaxed validation takes and writes control characters in values.
// versions: v26.5-
var server = http.createServer({httpValidation: 'relaxed'}, function(req, res) {
  log('x-a', req.headers['x-a'])
  attempt('control', function() { res.setHeader('X-B', 'b\x01') })
  attempt('line end', function() { res.setHeader('X-C', 'c\nd') })
  attempt('nul', function() { res.setHeader('X-D', 'd\0') })
  res.end()
})
watch(server, 'server', 'clientError')
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: a\x01b\r\nConnection: close\r\n\r\n')
