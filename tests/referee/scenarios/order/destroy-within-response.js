// The events of a request that is destroyed within its response.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    res.on('data', function() {
      req.destroy()
      log('script.called')
    })
    res.on('close', function() { log('complete', res.complete) })
  })
  watch(req, 'req', 'socket response abort error close')
  req.on('close', done)
})
