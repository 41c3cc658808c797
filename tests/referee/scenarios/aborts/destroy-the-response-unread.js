// destroy of a response that has arrived, and that nobody has begun to read.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'end aborted error close')
    res.pause()
    after(20, function() {
      log('complete', res.complete)
      res.destroy()
    })
  })
  watch(req, 'req', 'response abort error close')
})
