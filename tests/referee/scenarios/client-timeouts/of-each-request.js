// Each request of a connection has its own timeout, which is told once.
// versions: v13.14-
answer(function(peer) {
  function answerLate() {
    after(150, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh') })
    after(300, function() { peer.write('i') })
  }
  peer.until('\r\n\r\n', answerLate)
  peer.until('\r\n\r\n', answerLate)
}, function(port) {
  var agent = new http.Agent({keepAlive: true})
  function get(label, then) {
    var req = http.get({host: '127.0.0.1', port: port, agent: agent, timeout: 60}, function(res) {
      res.on('end', then)
      res.resume()
    })
    watch(req, label, 'timeout')
  }
  get('first', function() {
    after(10, function() { get('second', done) })
  })
})
