// Five sockets to a host, and the sixth request waits.
// versions: v0.8
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    after(50, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n') })
  })
}, function(port) {
  var agent = new http.Agent(), end = count(6, function() {
    after(30, function() {
      pools('ended', agent)
      done()
    })
  })
  function get() {
    http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('end', end)
    })
  }
  log('maxSockets', agent.maxSockets)
  get(); get(); get(); get(); get(); get()
  pools('made', agent, true)
})
