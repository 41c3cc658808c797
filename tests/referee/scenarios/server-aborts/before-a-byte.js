// A peer that leaves before it has sent anything.
var server = http.createServer(note('request'))
server.on('clientError', note('clientError'))
server.on('connection', function(socket) { watch(socket, 'socket', 'end close') })
talk(server, '', function(peer) {
  after(30, function() { peer.end() })
  peer.closed(function() { after(20, done) })
})
