// A request that is destroyed when it has ended, while its answer waits for its turn, is answered.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    first = res
    return
  }
  watch(req, 'two.req', 'end aborted error close')
  watch(res, 'two.res', 'finish error')
  req.resume()
  req.on('end', function() { req.destroy() })
  after(30, function() { first.end('one') })
  after(60, function() { res.end('two') })
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); after(60, done) })
})
