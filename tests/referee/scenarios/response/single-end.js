// A body that is given to end alone has a known length.
var server = http.createServer(function(req, res) {
  res.end('hello')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
