// A signal that is aborted behind the response changes nothing.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n') })
}, function(port) {
  var controller = new AbortController()
  var req = http.get({host: '127.0.0.1', port: port, agent: false, signal: controller.signal}, function(res) {
    watch(res, 'res', 'end error close')
    res.resume()
  })
  watch(req, 'req', 'error close')
  req.on('close', function() {
    after(20, function() {
      controller.abort()
      after(20, done)
    })
  })
})
