// localAddress is where the connection comes from.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('server.remote', req.socket.remoteAddress)
  res.end()
})
serve(server, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, localAddress: '127.0.0.2'}, function(res) {
    log('client.local', res.socket.localAddress)
    res.on('end', done)
    res.resume()
  })
})
