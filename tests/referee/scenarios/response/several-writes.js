// A body that is written in pieces goes in chunks.
var server = http.createServer(function(req, res) {
  res.write('hello ')
  res.write('wor')
  res.end('ld')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
