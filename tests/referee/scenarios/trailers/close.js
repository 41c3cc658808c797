// A request that says close in its trailers is the last one that is answered.
// versions: v19.0
var server = http.createServer(function(req, res) {
  log('url', req.url)
  req.on('data', function() {})
  req.on('end', function() { res.end('last') })
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('last', done)
})
