// The timeout of a request that is being received is told of each silence.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  req.setTimeout(60, function() { log('callback') })
  watch(req, 'req', 'timeout')
  req.resume()
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na', function(peer) {
  after(150, function() { peer.write('b') })
  after(300, function() { peer.write('c') })
  after(400, done)
})
