// A coding in front of chunked.
var server = http.createServer(function(req, res) {
  res.setHeader('Transfer-Encoding', 'gzip, chunked')
  attempt('end', function() { res.end('ab') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
