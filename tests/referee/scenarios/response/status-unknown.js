// A status without a standard phrase is called unknown.
var server = http.createServer(function(req, res) {
  res.writeHead(299)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
