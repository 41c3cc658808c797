// A request without a listener for its response, of ClientRequest's document: the response is discarded.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello') })
  peer.closed(done)
}, function(port) {
  http.request({host: '127.0.0.1', port: port, agent: false}).end()
})
