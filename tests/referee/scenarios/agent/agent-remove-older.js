// A socket that emits 'agentRemove' no longer counts for the agent.
// versions: v0.8 v1.6
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    after(50, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi') })
  })
}, function(port) {
  var agent = new http.Agent()
  var req = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    watch(res, 'res', 'data end')
    res.on('end', function() { after(30, done) })
  })
  req.on('socket', function(socket) {
    pools('before', agent)
    socket.emit('agentRemove')
    pools('removed', agent)
  })
})
