// A Content-Length given to writeHead stands.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Length': '5', 'Content-Type': 'text/plain'})
  res.end('hello')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
