// lookup finds the address of a host.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var req = http.get({host: 'a.example', port: port, agent: false, lookup: function(host, options, found) {
    log('lookup', host)
    found(null, options.all ? [{address: '127.0.0.1', family: 4}] : '127.0.0.1', 4)
  }}, function(res) {
    log('response')
    res.on('end', done)
    res.resume()
  })
  watch(req, 'req', 'error')
})
