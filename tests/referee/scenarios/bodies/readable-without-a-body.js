// A request without a body is readable for its end.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  req.once('readable', function() { log('req.readable', req.read()) })
  req.on('end', function() {
    log('req.end')
    res.end()
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
