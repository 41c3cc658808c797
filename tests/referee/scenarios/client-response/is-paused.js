// isPaused says what was called last.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('given', res.isPaused())
    res.pause()
    log('paused', res.isPaused())
    res.resume()
    log('resumed', res.isPaused())
    res.on('end', done)
  })
})
