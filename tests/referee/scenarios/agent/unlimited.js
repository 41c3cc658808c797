// Without limits each request has a connection of its own at once.
// versions: v1.6-
var agent = new http.Agent()
var peers = []
var release = count(4, function() {
  peers.forEach(function(peer) { peer.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi') })
})
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peers.push(peer)
    release()
  })
}, function(port) {
  var end = count(3, function() {
    after(30, function() {
      pools('done', agent)
      done()
    })
  })
  var i
  for (i = 0; i < 3; i = i + 1) {
    http.get({host: '127.0.0.1', port: port, agent: agent, headers: {Connection: 'close'}}, function(res) {
      res.on('end', end)
      res.resume()
    })
  }
  pools('requests', agent)
  release()
})
