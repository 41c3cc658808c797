// A kept connection that createConnection has made serves the next request.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var agent = agentWith({keepAlive: true, keepAliveMsecs: 500}, {createConnection: function() {
    log('create')
    return net.connect({host: '127.0.0.1', port: port})
  }})
  function get(then) {
    http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('end', function() { after(30, then) })
      res.resume()
    })
  }
  get(function() {
    pools('idle', agent)
    get(function() {
      pools('idle', agent)
      agent.destroy()
      done()
    })
  })
})
