// The url of a request is what its start line says, of its document.
var server = http.createServer(function(req, res) {
  log('url', req.method, req.url, req.headers['accept'])
  res.end()
})
serve(server, function(port) {
  dial(port, function(peer) {
    peer.write('GET /status?name=ryan HTTP/1.1\r\nAccept: text/plain\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
