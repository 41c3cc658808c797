// The states of a request whose connection is refused.
var server = http.createServer()
serve(server, function(port) {
  server.on('close', function() {
    var client = states('client')
    var req = http.get({host: '127.0.0.1', port: port, agent: false})
    client.watch(req, 'req', 'socket abort error close')
    after(60, done)
  })
  server.close()
})
