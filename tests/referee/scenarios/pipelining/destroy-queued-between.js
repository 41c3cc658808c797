// Requests behind an answer that was destroyed while it waited for its turn are announced, and not answered.
// versions: v1.6-
var first
var server = http.createServer(function(req, res) {
  log('server.url', req.url)
  if (req.url === '/1') first = res
  else if (req.url === '/2') res.destroy()
  else {
    watch(req, 'request' + req.url + '.req', 'end aborted error close')
    watch(res, 'request' + req.url + '.res', 'finish error')
    res.end(req.url)
    if (req.url === '/4') after(30, function() { first.end('one') })
  }
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
  after(400, done)
})
