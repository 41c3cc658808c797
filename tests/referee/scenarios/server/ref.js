// unref and ref return the server, which goes on serving.
// versions: v13.14-
var server = http.createServer(function(req, res) { res.end('hi') })
serve(server, function(port) {
  log('unref', server.unref() === server)
  dial(port, function(peer) {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(function() {
      log('ref', server.ref() === server)
      done()
    })
  })
})
