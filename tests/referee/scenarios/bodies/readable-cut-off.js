// What was sent of a body that is cut off can be read.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted close')
  req.once('readable', function() {
    log('req.read', req.read())
    res.writeHead(200)
    res.write('got')
  })
  req.on('close', function() { after(20, done) })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe', function(peer) {
  peer.until('got', function() { peer.destroy() })
})
