// The wait for the next request begins when the body of the last has been read.
// versions: v13.14-
var server = http.createServer({}, function(req, res) {
  req.resume()
  req.on('end', function() { res.end('hi') })
})
server.keepAliveTimeout = 100
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody', function(peer) {
  peer.closed(function(how) { log('closed', how); done() })
})
