// The timeout of a request goes with it: its kept socket has that of the agent.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var agent = new http.Agent({keepAlive: true})
  var req = http.get({host: '127.0.0.1', port: port, agent: agent, timeout: 60}, function(res) {
    res.on('end', function() {
      after(150, function() {
        var names = Object.keys(agent.freeSockets)
        log('free', names.length)
        agent.destroy()
        done()
      })
    })
    res.resume()
  })
  watch(req, 'req', 'timeout error')
})
