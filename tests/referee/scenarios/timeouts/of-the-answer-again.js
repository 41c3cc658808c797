// The timeout of an answer is told of each silence.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.setTimeout(60, function() { log('callback') })
  watch(res, 'res', 'timeout')
  req.resume()
  res.write('a')
  after(150, function() { res.write('b') })
  after(300, function() { res.end('c') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(400, done)
})
