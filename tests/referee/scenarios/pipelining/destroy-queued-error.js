// An answer that is destroyed with an error while it waits for its turn.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    watch(res, 'one.res', 'finish error')
    watch(req.socket, 'socket.socket', 'error close')
    first = res
    return
  }
  watch(req, 'two.req', 'end aborted error close')
  watch(res, 'two.res', 'finish error close')
  res.destroy(new Error('boom'))
  log('destroyed', req.socket.destroyed)
  after(30, function() {
    log('answer')
    first.end('one')
  })
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
  after(400, done)
})
