// A line end in a field of early hints would let it write fields of its own.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  attempt('hints', function() { res.writeEarlyHints({link: '</a>; rel=preload', a: '1\r\nX: y'}) })
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
