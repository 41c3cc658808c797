// 'drain' comes again behind each write that answered false: of a response, a request and a socket.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  req.on('data', function() {})
  req.on('end', function() {
    fill('server.response', res, function() { res.end() })
  })
})
server.on('upgrade', function(req, socket) {
  fill('server.socket', socket, function() { socket.end() })
})
function fill(label, stream, last) {
  var drains = 0
  stream.on('drain', function() {
    drains = drains + 1
    log(label, drains)
    if (drains === 2) last()
    else stream.write(repeat('b', 10000000))
  })
  stream.write(repeat('a', 10000000))
}
serve(server, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  req.on('response', function(res) {
    res.on('data', function() {})
    res.on('end', function() {
      log('client.end')
      dial(port, function(peer) {
        peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n')
        peer.closed(done)
      })
    })
  })
  fill('client.request', req, function() { req.end() })
})
