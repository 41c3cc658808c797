// localAddress is where the connection comes from.
// versions: v0.8
var server = http.createServer(function(req, res) {
  log('server.remote', req.socket.remoteAddress)
  res.end()
})
serve(server, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false, localAddress: '127.0.0.2'}, function(res) {
    res.on('end', done)
  })
})
