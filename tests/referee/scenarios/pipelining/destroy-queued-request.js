// A request that is destroyed while its answer waits for its turn, its end not told yet, takes the connection down.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    watch(req, 'one.req', 'aborted error')
    watch(res, 'one.res', 'finish error close')
    watch(req.socket, 'socket.socket', 'error close')
    first = res
    return
  }
  watch(req, 'two.req', 'end aborted error close')
  req.destroy()
  after(30, function() {
    log('destroyed', req.socket.destroyed)
    first.end('one')
  })
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); after(60, done) })
})
