// A request that has arrived is not told of silence while the next one is being received.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url !== '/1') { req.resume(); return }
  watch(req.socket, 'socket', 'close')
  req.setTimeout(150, note('told'))
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); done() })
})
