// The events of a POST whose body nobody reads.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'close')
  watch(res, 'res', 'finish close')
  res.end('hi')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', function(peer) { peer.until('hi', function() { after(30, done) }) })
