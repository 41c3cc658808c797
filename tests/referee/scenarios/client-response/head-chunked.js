// The response to HEAD has no body, even if it names a coding.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
  })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'HEAD'}, function(res) {
    log('coding', res.headers['transfer-encoding'])
    watch(res, 'res', 'data end aborted error close')
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
  req.end()
})
