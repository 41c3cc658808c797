// The events of a POST that comes in one piece and is answered before it is read.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end close')
  watch(res, 'res', 'finish close')
  res.end('hi')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', function(peer) { peer.until('hi', function() { after(30, done) }) })
