// A server and a socket that are not counted go on serving.
// versions: v1.6
var server = http.createServer(function(req, res) {
  attempt('socket', function() { req.socket.unref(); req.socket.ref() })
  res.end('hi')
})
serve(server, function(port) {
  attempt('unref', function() { server.unref() })
  dial(port, function(peer) {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(function() {
      attempt('ref', function() { server.ref() })
      done()
    })
  })
})
