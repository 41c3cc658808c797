// agent: false makes an agent for one request.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    res.on('data', function() {})
  })
})
