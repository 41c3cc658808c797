// createConnection opens the connection of a request without an agent, which newer
// versions give an agent of its own that opens it.
// versions: v0.8
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var server = http.createServer() // nobody listens at its port any more
  serve(server, function(left) {
    server.on('close', function() {
      var req = http.get({host: '127.0.0.1', port: left, agent: false, createConnection: function(options) {
        log('create', options.host, options.port)
        return net.connect({host: '127.0.0.1', port: port})
      }}, function(res) {
        log('response', res.statusCode)
        res.on('end', done)
      })
      watch(req, 'req', 'error')
      req.on('error', done)
    })
    server.close()
  })
})
