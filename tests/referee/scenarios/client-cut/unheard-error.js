// An error that nobody listens to is not lost.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.end()
    after(700, done)
  })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false})
})
