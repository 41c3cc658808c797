// The states of requests whose agent is destroyed: one before its response, one in its body.
// versions: v13.14-
var begun = false, second
answer(function(peer) {
  if (begun) {
    peer.until('GET /part', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi') })
  } else {
    begun = true
    peer.until('GET /silent', function() { second() })
  }
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
  get('silent', '/silent')
  second = function() { get('part', '/part') }
  after(150, function() {
    agent.destroy()
    after(80, done)
  })
})
