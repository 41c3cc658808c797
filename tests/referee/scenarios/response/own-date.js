// A Date header of one's own is the only one.
var server = http.createServer(function(req, res) {
  res.setHeader('date', 'today')
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
