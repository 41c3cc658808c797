// A body waits for who listens to its data, since v0.10; before, it flowed past.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    after(60, function() {
      log('listening')
      watch(res, 'res', 'data end')
      after(60, done)
    })
  })
})
