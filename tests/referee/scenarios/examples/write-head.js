// writeHead over setHeader, of its document.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Type', 'text/html')
  res.setHeader('X-Foo', 'bar')
  res.writeHead(200, {'Content-Type': 'text/plain'})
  res.end('ok')
})
serve(server, function(port) {
  dial(port, function(peer) {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
