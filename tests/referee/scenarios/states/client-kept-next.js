// The states of two requests that go on one connection.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var agent = new http.Agent({keepAlive: true, maxSockets: 1})
  function get(thread, then) {
    var client = states(thread)
    var req = http.get({host: '127.0.0.1', port: port, agent: agent}, function(res) {
      client.watch(res, 'res', 'aborted end error close')
      client.look('response')
      res.on('end', function() { after(50, then) })
      res.resume()
    })
    client.watch(req, 'req', 'finish abort error close')
    return client
  }
  var first = get('first', function() {
    first.look('later')
    var second = get('second', function() {
      second.look('later')
      first.look('much later')
      done()
    })
  })
})
