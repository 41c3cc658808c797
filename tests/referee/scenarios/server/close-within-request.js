// close within a request lets its answer go, and ends the connection.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  server.close(function(err) { log('closed', err); done() })
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function() {})
