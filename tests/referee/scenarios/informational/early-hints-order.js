// Hints beside links leave as they are written.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeEarlyHints({'x-Trace': '1', link: '</a.css>; rel=preload; as=style', 'X-b': '2'})
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
