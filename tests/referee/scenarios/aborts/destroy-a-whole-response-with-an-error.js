// destroy with an error in the listener of a response that has arrived whole.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted close')
    res.on('error', function(err) { log('res error', err.message) })
    req.destroy(new Error('mine'))
  })
  req.on('error', function(err) { log('req error', err.message) })
  watch(req, 'req', 'response abort close')
  after(100, done)
})
