// destroy closes connections in use, too.
// versions: v1.6-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function() { agent.destroy() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: agent})
  watch(req, 'req', 'response error close')
  req.on('close', function() {
    after(30, function() {
      pools('destroyed', agent)
      done()
    })
  })
})
