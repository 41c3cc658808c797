// An agent's own createConnection opens its connections.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n') })
}, function(port) {
  var agent = agentWith({}, {createConnection: function(options) {
    log('create', options.host, options.port)
    return net.connect({host: '127.0.0.1', port: port})
  }})
  http.get({host: '127.0.0.9', port: 9, agent: agent}, function(res) {
    log('response', res.statusCode)
    res.on('end', done)
    res.resume()
  })
})
