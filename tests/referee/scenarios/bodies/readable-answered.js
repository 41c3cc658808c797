// A request that is answered while its body is heard of and unread.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url === '/next') {
    res.end('next')
    return
  }
  req.once('readable', function() {
    log('readable')
    res.end('first')
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', function(peer) {
  peer.until('first', function() {
    peer.write('GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
