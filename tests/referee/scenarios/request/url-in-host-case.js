// The host of a URL is in lower case.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.request('HTTP://LOCALHOST:' + port + '/A', function(res) {
    res.on('end', done)
    res.resume()
  })
  watch(req, 'req', 'error')
  req.end()
})
