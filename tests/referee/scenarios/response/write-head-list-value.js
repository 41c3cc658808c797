// A header of writeHead with several values is sent as several fields.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Set-Cookie': ['a=1', 'b=2'], 'X-A': ['1', '2']})
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
