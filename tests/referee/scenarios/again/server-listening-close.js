// A server that is closed may listen again, and tells 'listening' and 'close' again.
var server = http.createServer(), times = 0
server.on('listening', function() { log('listening') })
server.on('close', function() {
  times = times + 1
  log('close', times)
  if (times === 2) done()
  else listen()
})
function listen() {
  serve(server, function() { server.close() })
}
listen()
