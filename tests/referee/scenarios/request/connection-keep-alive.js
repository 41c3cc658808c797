// Connection: keep-alive can be asked for without an agent.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {'Connection': 'keep-alive'}})
  watch(req, 'req', 'error')
  req.end()
  req.on('response', function(res) {
    res.on('end', done)
    res.resume()
  })
})
