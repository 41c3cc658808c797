// A server at a Unix socket.
// versions: v13.14-
var path = unixPath(), server = http.createServer(function(req, res) {
  log('server.peer', req.socket.remoteAddress, req.socket.remotePort)
  res.end('hi')
})
watch(server, 'server', 'listening close')
serve(server, function() {
  log('server.address', server.address() === path)
  http.get({socketPath: path, agent: false}, function(res) {
    res.on('end', function() { server.close(done) })
    res.resume()
  })
}, {path: path, readableAll: true, writableAll: true})
