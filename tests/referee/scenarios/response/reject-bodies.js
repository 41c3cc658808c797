// A server with rejectNonStandardBodyWrites throws at a body that a response cannot have.
// versions: v26.5-
var server = http.createServer({rejectNonStandardBodyWrites: true}, function(req, res) {
  if (req.method === 'GET') res.statusCode = 204
  attempt('end', function() { res.end('body') })
  log('states', res.headersSent, res.writableEnded)
  attempt('end', function() { res.end() })
})
talk(server, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
