// Answers before one that is destroyed in line leave one after the other, whoever is finished first.
// versions: v1.6-
var first, second
var server = http.createServer(function(req, res) {
  if (req.url === '/1') first = res
  else if (req.url === '/2') second = res
  else {
    res.destroy()
    log('destroyed', req.socket.destroyed)
    after(20, function() { second.end('two') })
    after(40, function() { first.write('o') })
    after(60, function() { first.end('ne') })
  }
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
  after(400, done)
})
