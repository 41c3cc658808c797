// headers has names in lower case, rawHeaders what came, of their documents.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  log('rawHeaders', req.rawHeaders)
  res.end()
})
serve(server, function(port) {
  dial(port, function(peer) {
    peer.write('GET /status?name=ryan HTTP/1.1\r\n' +
      'user-agent: this is invalid because there can be only one\r\n' +
      'User-Agent: curl/7.22.0\r\n' +
      'Host: 127.0.0.1:8000\r\n' +
      'ACCEPT: */*\r\n' +
      'Connection: close\r\n\r\n')
    peer.closed(done)
  })
})
