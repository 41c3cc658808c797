// A request with joinDuplicateHeaders joins fields of which else the first counts alone.
// versions: v26.5-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAge: 1\r\nAge: 2\r\nETag: a\r\nETag: b\r\nX-A: 1\r\nX-A: 2\r\n\r\n')
  })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false, joinDuplicateHeaders: true}, function(res) {
    log('age', res.headers.age)
    log('etag', res.headers.etag)
    log('x-a', res.headers['x-a'])
    res.on('end', done)
    res.resume()
  })
})
