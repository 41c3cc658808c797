// A body that was expected is read once writeContinue has asked for it, and the
// connection goes on.
var server = http.createServer(function(req, res) { log('request', req.url); res.end('second') })
server.on('checkContinue', function(req, res) {
  log('checkContinue', req.headers.expect)
  res.writeContinue()
  req.on('data', function(chunk) { log('data', chunk) })
  req.on('end', function() { res.end('first') })
})
talk(server, 'PUT /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n', function(peer) {
  peer.until('100 Continue\r\n\r\n', function() { peer.write('body') })
  peer.until('first', function() { peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') })
  peer.closed(done)
})
