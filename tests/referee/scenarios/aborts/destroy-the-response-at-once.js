// destroy of a response in the listener that it is given to.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    res.destroy()
  })
  watch(req, 'req', 'abort error close')
  req.on('close', done)
})
