// The events of a GET that is answered at once.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end aborted close')
  watch(res, 'res', 'finish close')
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) { peer.until('hi', function() { after(30, done) }) })
