// A write of more than the high-water mark, of a request that waits for a socket,
// answers false, and 'drain' says when it has left.
// versions: v1.6-
answer(function(peer) {
  peer.until('last', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.until('last', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var agent = new http.Agent({maxSockets: 1})
  function post(path) {
    var req = http.request({host: '127.0.0.1', port: port, agent: agent, method: 'POST', path: path, headers: {'Content-Length': 100004}})
    watch(req, 'req', 'error')
    return req
  }
  var first = post('/1'), second = post('/2')
  second.on('drain', function() {
    log('drain')
    second.end('last')
  })
  log('write', second.write(repeat('0123456789', 10000)))
  second.on('response', function(res) {
    res.on('end', done)
    res.resume()
  })
  first.on('response', function(res) { res.resume() })
  first.end(repeat('0123456789', 10000) + 'last')
})
