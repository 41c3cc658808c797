// What trailers say of the connection changes nothing about it.
var server = http.createServer(function(req, res) {
  log('url', req.url)
  req.on('data', function() {})
  req.on('end', function() { res.end('answer to ' + req.url) })
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('/2', done)
  after(300, done)
})
