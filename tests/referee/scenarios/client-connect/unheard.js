// The answer to CONNECT closes the connection if nobody listens.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 Connection Established\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'CONNECT', path: 'a.example:80'})
  watch(req, 'req', 'response upgrade error close')
  req.end()
})
