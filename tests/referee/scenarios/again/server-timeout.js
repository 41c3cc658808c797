// 'timeout' of a server comes again with each socket that is silent.
// versions: v1.6-
var server = http.createServer()
server.setTimeout(100)
server.on('timeout', function(socket) {
  log('timeout')
  socket.destroy()
})
serve(server, function(port) {
  dial(port, function(first) {
    first.closed(function() {
      dial(port, function(second) { second.closed(done) })
    })
  })
})
