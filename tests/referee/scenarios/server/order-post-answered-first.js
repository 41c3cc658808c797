// The events of a POST whose answer comes before its body.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end close')
  watch(res, 'res', 'finish close')
  res.end('hi')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n', function(peer) {
  peer.until('hi', function() {
    peer.write('hello')
    after(50, done)
  })
})
