// A response that nobody listens to is discarded, and its connection ends.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  watch(http.get({host: '127.0.0.1', port: port, agent: false}), 'req', 'error close')
})
