// A signal that is aborted within the response's body destroys both messages.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc') })
}, function(port) {
  var controller = new AbortController()
  var req = http.get({host: '127.0.0.1', port: port, agent: false, signal: controller.signal}, function(res) {
    watch(res, 'res', 'data aborted end error close')
    res.on('data', function() { controller.abort() })
  })
  watch(req, 'req', 'abort error close')
  req.on('close', function() { after(30, done) })
})
