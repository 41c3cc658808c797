// writeHead may be called once.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.writeHead(201)
  attempt('again', function() { res.writeHead(202) })
  log('status', res.statusCode)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
