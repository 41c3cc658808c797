// A response that overtakes its request: the connection is kept once both are complete.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: agent, method: 'POST', headers: {'Content-Length': 3}}, function(res) {
    watch(res, 'res', 'end close')
    res.on('end', function() {
      after(30, function() {
        pools('response ended', agent, true)
        req.end('end')
        after(50, function() {
          pools('request ended', agent, true)
          agent.destroy()
          done()
        })
      })
    })
    res.resume()
  })
  watch(req, 'req', 'finish error close')
  req.flushHeaders()
})
