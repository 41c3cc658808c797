// How many headers of a request and of a response are kept unless it is said.
var server = http.createServer(function(req, res) {
  log('request', req.headers['x-a'].length)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n' + repeat('X-A: 1\r\n', 1100) + '\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    answer(function(other) {
      other.until('\r\n\r\n', function() {
        other.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n' + repeat('X-A: 1\r\n', 1100) + '\r\n')
      })
    }, function(port) {
      http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
        log('response', res.headers['x-a'].length)
        res.on('end', done)
        res.resume()
      })
    })
  })
})
