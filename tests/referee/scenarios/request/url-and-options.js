// Options win over what the URL says.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.request('http://127.0.0.1:1/a', {port: port, path: '/b', method: 'PUT'}, function(res) {
    res.on('end', done)
    res.resume()
  })
  watch(req, 'req', 'error')
  req.end()
})
