// listen takes its port, host and backlog as options; address tells what it got.
// versions: v1.6-
var server = http.createServer(function(req, res) { res.end() })
log('before', server.address())
serve(server, function(port) {
  log('address', server.address())
  server.close(function() {
    log('closed', server.address())
    done()
  })
}, {port: 0, host: '127.0.0.1', backlog: 5})
