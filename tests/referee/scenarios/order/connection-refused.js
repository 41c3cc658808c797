// The events of a request whose connection is refused: nobody listens at its port any more.
var server = http.createServer()
serve(server, function(port) {
  server.on('close', function() {
    var req = http.get({host: '127.0.0.1', port: port, agent: false})
    watch(req, 'req', 'socket response finish abort')
    req.on('error', function(err) {
      log('req error', err.code, err.syscall)
      after(30, done)
    })
    watch(req, 'req', 'close')
  })
  server.close()
})
