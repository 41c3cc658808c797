// The timeout of a response is told of each silence.
// versions: v19.0-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na') })
  after(200, function() { peer.write('b') })
  after(350, function() { peer.write('c') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'timeout end')
    res.setTimeout(60, note('res.callback'))
    res.resume()
    res.on('end', done)
  })
  watch(req, 'req', 'timeout')
})
