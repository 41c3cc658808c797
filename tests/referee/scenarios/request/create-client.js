// createClient, deprecated: a client of one server, which makes requests.
// versions: v0.8 v1.6
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi') })
  peer.closed(done)
}, function(port) {
  var client = http.createClient(port, '127.0.0.1')
  var req = client.request('GET', '/a', {Host: 'h'})
  req.on('response', function(res) {
    log('response', res.statusCode)
    watch(res, 'res', 'data end')
  })
  req.end()
})
