// Connections beyond maxFreeSockets are closed when their response has ended.
// versions: v1.6-
var agent = new http.Agent({keepAlive: true, maxFreeSockets: 1})
var peers = []
var release = count(3, function() {
  peers.forEach(function(peer) { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
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
      agent.destroy()
      done()
    })
  })
  var i
  for (i = 0; i < 3; i = i + 1) {
    http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('end', end)
      res.resume()
    })
  }
})
