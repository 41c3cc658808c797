// write answers false when too much waits, and 'drain' follows when it has left.
var server = http.createServer(function(req, res) {
  res.on('drain', function() { log('drain'); res.end() })
  log('write', res.write(repeat('a', 10000000)))
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) {
  peer.stop()
  after(100, function() { peer.read() })
  peer.closed(done)
})
