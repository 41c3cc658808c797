// destroy of a response that has been consumed has nothing left to tell.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted error close')
    res.on('end', function() { res.destroy() })
  })
  watch(req, 'req', 'response abort error close')
})
