// A server may answer a request for an upgrade with a response.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, headers: {'Connection': 'Upgrade', 'Upgrade': 'echo'}}, function(res) {
    log('status', res.statusCode)
    watch(res, 'res', 'data end')
  })
  watch(req, 'req', 'upgrade response error close')
})
