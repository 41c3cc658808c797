// A socket that was upgraded is no longer the agent's.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n') })
}, function(port) {
  var agent = new http.Agent()
  var req = http.get({host: '127.0.0.1', port: port, agent: agent, headers: {'Connection': 'Upgrade', 'Upgrade': 'echo'}})
  req.on('upgrade', function(res, socket, head) {
    log('sockets', Object.keys(agent.sockets))
    socket.destroy()
  })
  req.on('close', done)
})
