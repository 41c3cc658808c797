// close lets requests that wait in line have their answers.
// versions: v13.14-
var first
var server = http.createServer(function(req, res) {
  log('request', req.url)
  if (req.url === '/1') { first = res; return }
  res.end('second')
  server.close(function() { log('closed'); done() })
  first.end('first')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function() {})
