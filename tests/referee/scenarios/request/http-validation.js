// A request with relaxed validation writes and takes control characters in values.
// versions: v26.5-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-B: b\x01\r\n\r\n') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, httpValidation: 'relaxed', headers: {'X-A': 'a\x01'}}, function(res) {
    log('x-b', res.headers['x-b'])
    res.on('end', done)
    res.resume()
  })
})
