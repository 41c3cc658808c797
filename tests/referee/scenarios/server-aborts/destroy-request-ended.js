// req.destroy of a request that has ended, before its answer.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end aborted error close')
  watch(res, 'res', 'finish error close')
  req.resume()
  req.on('end', function() {
    req.destroy()
    log('destroyed', req.socket.destroyed)
    after(20, function() { res.end('answer') })
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
