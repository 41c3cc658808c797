// Hints that say where a body ends.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  attempt('length', function() { res.writeEarlyHints({link: '</a.css>; rel=preload', 'content-length': '2'}) })
  attempt('coding', function() { res.writeEarlyHints({link: '</a.css>; rel=preload', 'transfer-encoding': 'chunked'}) })
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
