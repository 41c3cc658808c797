// A response that was read to its end by 'readable' leaves its connection to the next.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var agent = new http.Agent({keepAlive: true})
  function get(then) {
    var req = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('readable', function() {
        var chunk = res.read()
        if (chunk) log('read', chunk, req.reusedSocket)
      })
      res.on('end', function() { after(30, then) })
    })
  }
  get(function() {
    pools('idle', agent)
    get(function() {
      agent.destroy()
      done()
    })
  })
})
