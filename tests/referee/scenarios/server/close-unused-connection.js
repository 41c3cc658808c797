// close and a connection that has sent nothing.
var server = http.createServer(function(req, res) { res.end('hi') })
watch(server, 'server', 'close')
server.on('connection', function() {
  after(30, function() {
    log('closing')
    server.close()
    after(100, done)
  })
})
talk(server, '', function(peer) { peer.closed(note('peer.closed')) })
