// The states of requests whose agent is destroyed: one before its response, one in its body.
// versions: v13.14 v19.0
answer(function(peer) {
  peer.until('GET /part', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
}, function(port) {
  var agent = new http.Agent({maxSockets: 2})
  function get(thread, path) {
    var client = states(thread)
    var req = http.get({host: '127.0.0.1', port: port, agent: agent, path: path})
    client.watch(req, 'req', 'socket finish abort error close')
    req.on('response', function(res) {
      client.watch(res, 'res', 'aborted end error close')
      client.look('response')
      res.resume()
    })
    return client
  }
  var silent = get('silent', '/silent'), part = get('part', '/part')
  after(80, function() {
    agent.destroy()
    after(80, done)
  })
})
