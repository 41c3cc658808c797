// A signal closes the server.
// versions: v19.0-
var server = http.createServer(function(req, res) { res.end() }), controller = new AbortController()
watch(server, 'server', 'listening error close')
serve(server, function(port) {
  server.on('close', function() {
    log('listening', server.listening)
    done()
  })
  controller.abort()
}, {port: 0, host: '127.0.0.1', signal: controller.signal})
