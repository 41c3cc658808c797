// destroy, with an error, of a response that has been consumed.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted close')
    res.on('error', function(err) { log('res error', err.message) })
    res.on('end', function() { res.destroy(new Error('mine')) })
  })
  watch(req, 'req', 'response abort close')
  req.on('error', function(err) { log('req error', err.message) })
})
