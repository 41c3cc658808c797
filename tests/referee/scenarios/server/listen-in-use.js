// A port where somebody listens is an 'error' of the server.
// versions: v1.6-
var first = http.createServer(), second = http.createServer()
watch(second, 'second', 'listening error close')
serve(first, function(port) {
  serve(second, null, {port: port, host: '127.0.0.1'})
  second.on('error', function(err) {
    log('error', err.syscall)
    after(20, done)
  })
})
