// Trailers are checked as headers are.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.write('a')
  attempt('name', function() { res.addTrailers({'a b': '1'}) })
  attempt('value', function() { res.addTrailers({'X-T': 'a\nb'}) })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
