// A request that expects 100-continue sends its head at once, and its body when it is told.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 100 Continue\r\n\r\n') })
  peer.until('body', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST', headers: {'Expect': '100-continue', 'Content-Length': 4}})
  watch(req, 'req', 'continue error')
  req.on('continue', function() { req.end('body') })
  req.on('response', function(res) {
    log('response')
    res.on('end', done)
    res.resume()
  })
})
