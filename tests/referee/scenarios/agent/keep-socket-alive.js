// keepSocketAlive is asked behind each request, and false closes the connection.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
  peer.closed(function() {})
}, function(port) {
  var asked = 0, used
  var agent = agentWith({keepAlive: true}, {keepSocketAlive: function(socket) {
    asked++
    log('keep', asked, socket === used)
    return asked === 1
  }})
  function get(then) {
    http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      used = res.socket
      res.on('end', function() { after(30, then) })
      res.resume()
    })
  }
  get(function() {
    pools('first', agent)
    get(function() {
      pools('second', agent)
      after(30, done)
    })
  })
})
