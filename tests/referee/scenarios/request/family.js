// family: 4 has a host name looked up for IPv4 alone.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.end()
})
serve(server, function(port) {
  http.get({host: 'localhost', port: port, agent: false, family: 4}, function(res) {
    log('remote', res.socket.remoteAddress)
    res.on('end', done)
    res.resume()
  })
})
