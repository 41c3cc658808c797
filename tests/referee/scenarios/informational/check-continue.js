// A listener of 'checkContinue' decides, and 'request' does not come.
var server = http.createServer(note('request'))
server.on('checkContinue', function(req, res) {
  log('checkContinue')
  watch(req, 'req', 'data end')
  res.writeContinue()
  req.on('end', function() { res.end('done') })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n', function(peer) {
  peer.until('100 Continue\r\n\r\n', function() { peer.write('hi') })
  peer.closed(done)
})
