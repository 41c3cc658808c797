// What came of a response that is cut off can be read.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc')
    after(50, function() { peer.end() })
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'aborted end close')
    res.on('readable', function() {
      var chunk = res.read()
      if (chunk) log('res.read', chunk)
    })
    res.on('error', function() {})
    res.on('close', function() { after(20, done) })
  })
})
