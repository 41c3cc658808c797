// A signal that is aborted before the server listens closes it, too.
// versions: v19.0-
var server = http.createServer(function(req, res) { res.end() }), controller = new AbortController()
watch(server, 'server', 'listening error close')
controller.abort()
serve(server, null, {port: 0, host: '127.0.0.1', signal: controller.signal})
after(50, function() {
  log('listening', server.listening)
  done()
})
