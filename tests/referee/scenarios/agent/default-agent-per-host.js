// Requests to different hosts are pooled apart.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var end = count(2, function() {
    after(30, function() {
      pools('idle', agent, true)
      agent.destroy()
      done()
    })
  })
  function get(host, after) {
    http.get({host: host, port: port, agent: agent}, function(res) {
      res.on('end', end)
      res.on('end', after)
      res.resume()
    })
  }
  get('127.0.0.1', function() { get('localhost', function() {}) })
})
