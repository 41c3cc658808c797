// A Date header that is removed is not added.
var server = http.createServer(function(req, res) {
  res.removeHeader('Date')
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
