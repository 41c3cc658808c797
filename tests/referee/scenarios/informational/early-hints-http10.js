// Hints for a client of HTTP/1.0.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeEarlyHints({link: '</a.css>; rel=preload; as=style'}, function() {
    log('sent')
    res.end('hi')
  })
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
