// destroy closes connections in use, too.
// versions: v1.6 v13.14 v19.0
var agent = new http.Agent({keepAlive: true})
function state(label) {
  function counts(pool) {
    var out = []
    Object.keys(pool).forEach(function(name) {
      if (pool[name].length > 0) out.push(pool[name].length)
    })
    return out
  }
  log(label, counts(agent.requests), counts(agent.sockets), counts(agent.freeSockets || {}))
}
answer(function(peer) {
  peer.until('\r\n\r\n', function() { agent.destroy() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: agent})
  watch(req, 'req', 'response error close')
  req.on('close', function() {
    after(30, function() {
      state('destroyed')
      done()
    })
  })
})
