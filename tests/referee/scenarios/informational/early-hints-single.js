// A single link of writeEarlyHints is a text.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeEarlyHints({link: '</a.css>; rel=preload; as=style'})
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
