// Bytes behind a response, which nobody asked for.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true})
answer(function(peer) {
  peer.until('\r\n\r\n', function reply() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n')
    peer.until('\r\n\r\n', reply)
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
    watch(res, 'res', 'data end close')
  })
  watch(req, 'req', 'error close')
  after(100, function() {
    pools('done', agent, true)
    agent.destroy()
    done()
  })
})
