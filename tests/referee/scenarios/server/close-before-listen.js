// close before listen fails.
// versions: v13.14-
var server = http.createServer(function() {})
server.close(function(err) {
  log('closed', err)
  done()
})
