// createConnection opens the connection of a request that names no agent.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.get({host: '127.0.0.9', port: 9, createConnection: function(options) {
    log('create', options.host, options.port)
    return net.connect({host: '127.0.0.1', port: port})
  }}, function(res) {
    log('response', res.statusCode)
    res.on('end', done)
    res.resume()
  })
  watch(req, 'req', 'error')
})
