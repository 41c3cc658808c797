// Early hints before the response, of writeEarlyHints' document.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  res.writeEarlyHints({
    'link': ['</styles.css>; rel=preload; as=style', '</scripts.js>; rel=preload; as=script'],
    'x-trace-id': 'id for diagnostics'
  })
  res.end('page')
})
serve(server, function(port) {
  dial(port, function(peer) {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
