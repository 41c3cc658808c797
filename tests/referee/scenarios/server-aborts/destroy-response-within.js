// res.destroy within the body cuts it off.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'finish error close')
  go = function() { res.destroy() }
  res.write('hello')
})
var go
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hello\r\n', function() { go() })
  peer.closed(function() { after(30, done) })
})
