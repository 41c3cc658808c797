// A peer that resets within the head.
var server = http.createServer(note('request'))
server.on('clientError', function(err, socket) { log('clientError', err.code) })
server.on('connection', function(socket) { watch(socket, 'socket', 'error close') })
talk(server, 'GET / HTTP/1.1\r\nHost:', function(peer) {
  after(30, function() { peer.reset(); after(50, done) })
})
