// A coding behind chunked.
var server = http.createServer(function(req, res) {
  attempt('writeHead', function() { res.writeHead(200, {'Transfer-Encoding': 'chunked, gzip'}) })
  res.end('ab')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
