// A body that is cut off is not said to be readable for that.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted end error close')
  req.on('readable', function() {
    var chunk = req.read()
    log('req.readable', chunk ? textOf(chunk) : 'nothing')
    if (chunk) res.write('got')
  })
  req.on('close', function() { after(20, done) })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe', function(peer) {
  peer.until('got', function() { peer.reset() })
})
