// The timeout of an agent is told once of each of its requests, on one connection.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    after(150, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh') })
    after(300, function() { peer.write('i') })
  })
  peer.until('\r\n\r\n', function() {
    after(150, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  })
}, function(port) {
  var agent = new http.Agent({keepAlive: true, timeout: 60})
  function get(label, then) {
    var req = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      res.on('end', then)
      res.resume()
    })
    watch(req, label, 'timeout')
  }
  get('first', function() {
    after(10, function() { get('second', done) })
  })
})
