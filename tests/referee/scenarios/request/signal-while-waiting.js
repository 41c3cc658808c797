// A signal ends a request that waits for a socket.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    after(50, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n') })
  })
}, function(port) {
  var agent = new http.Agent({maxSockets: 1}), controller = new AbortController()
  http.get({host: '127.0.0.1', port: port, agent: agent, path: '/1'}, function(res) {
    res.on('end', function() {
      after(30, done)
    })
    res.resume()
  })
  var second = http.get({host: '127.0.0.1', port: port, agent: agent, path: '/2', signal: controller.signal})
  watch(second, 'second', 'socket response error close')
  after(20, function() { controller.abort() })
})
