// close of a server that does not listen fails.
// versions: v1.6-
var server = http.createServer(function() {})
serve(server, function() {
  server.close(function(err) {
    log('first', err)
    server.close(function(err) {
      log('second', err)
      done()
    })
  })
})
