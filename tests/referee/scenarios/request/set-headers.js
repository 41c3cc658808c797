// setHeaders sets several headers at once, each in place of what it was.
// versions: v26.5-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {'X-A': 'old'}}, function(res) {
    res.on('end', done)
    res.resume()
  })
  req.setHeaders(new Map([['x-a', 'new'], ['X-B', ['1', '2']]]))
  log('x-a', req.getHeader('x-a'))
  log('x-b', req.getHeader('x-b'))
  req.end()
})
