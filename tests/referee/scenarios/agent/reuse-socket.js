// reuseSocket is called when a request takes a kept connection, and not before.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var used
  var agent = agentWith({keepAlive: true}, {reuseSocket: function(socket, request) {
    log('reuse', request.path, socket === used)
  }})
  function get(path, then) {
    http.get({host: '127.0.0.1', port: port, agent: agent, path: path}, function(res) {
      used = res.socket
      res.on('end', function() { after(30, then) })
      res.resume()
    })
  }
  get('/1', function() {
    get('/2', function() {
      agent.destroy()
      done()
    })
  })
})
