// writeEarlyHints takes one link or several, other fields, and a callback.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeEarlyHints({link: '</a.css>; rel=preload; as=style'}, function() { log('sent') })
  res.writeEarlyHints({link: ['</a.css>; rel=preload; as=style', '</b.js>; rel=preload; as=script'], 'x-trace-id': 'id'})
  attempt('no link', function() { res.writeEarlyHints({}) })
  attempt('empty link', function() { res.writeEarlyHints({link: []}) })
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
