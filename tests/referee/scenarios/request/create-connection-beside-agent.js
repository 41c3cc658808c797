// An agent opens connections in its own way, whatever a request's createConnection.
// versions: v1.6
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var agent = agentWith({}, {createConnection: function() {
    log('create of the agent')
    return net.connect({host: '127.0.0.1', port: port})
  }})
  http.get({host: '127.0.0.9', port: 9, agent: agent, createConnection: function() {
    log('create of the request')
    return net.connect({host: '127.0.0.1', port: port})
  }}, function(res) {
    res.on('end', done)
    res.resume()
  })
})
