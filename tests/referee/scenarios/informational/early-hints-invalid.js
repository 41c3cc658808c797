// Links must be links.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  attempt('link', function() { res.writeEarlyHints({link: 'bad'}) })
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
