// The timeout of a server is told of each silence.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  req.resume()
  res.write('a')
  after(150, function() { res.write('b') })
  after(300, function() { res.end('c') })
})
server.setTimeout(60, function() { log('callback') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) {
  after(400, done)
})
