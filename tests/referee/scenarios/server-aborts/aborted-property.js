// What a message tells of its end, within 'close'.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  req.on('close', function() { log('close', req.aborted, req.complete, res.writableEnded) })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) {
  after(30, function() { peer.end() })
  peer.closed(function() { after(30, done) })
})
