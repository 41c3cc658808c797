// writeEarlyHints sends 103 with links and other headers.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeEarlyHints({link: ['</a.css>; rel=preload; as=style', '</b.js>; rel=preload; as=script'], 'x-trace-id': 'id'}, function() { log('written') })
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
