// A coding behind chunked.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  attempt('request', function() {
    var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Transfer-Encoding': 'chunked, gzip'}})
    req.on('error', function(err) { log('error', err.code); done() })
    req.on('response', function(res) { res.resume() })
    req.end('ab')
  })
})
