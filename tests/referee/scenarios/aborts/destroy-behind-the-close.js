// destroy of a request that has closed, since its server has, before its response is read.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi'); peer.end() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted close')
    res.pause()
    res.on('error', function(err) { log('res error', err.message) })
    req.on('close', function() {
      after(20, function() {
        req.destroy()
        after(20, function() {
          log('resume')
          res.resume()
        })
      })
    })
  })
  req.on('error', function(err) { log('req error', err.message) })
  watch(req, 'req', 'response abort close')
  after(200, done)
})
