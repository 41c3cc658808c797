// close and connections that are idle.
var server = http.createServer(function(req, res) { res.end('hi') })
watch(server, 'server', 'close')
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() {
    after(30, function() {
      log('closing')
      server.close()
      peer.closed(note('peer.closed'))
      after(100, done)
    })
  })
})
