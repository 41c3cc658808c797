// addTrailers takes a list of pairs, and names may repeat.
var server = http.createServer(function(req, res) {
  res.write('a')
  res.addTrailers([['X-T', '1'], ['X-T', '2']])
  res.end('b')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
