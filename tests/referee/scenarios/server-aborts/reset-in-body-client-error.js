// A reset comes to 'clientError'.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data aborted error close')
})
server.on('clientError', function(err, socket) { log('clientError', err.code) })
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel', function(peer) {
  after(30, function() { peer.reset(); after(50, done) })
})
