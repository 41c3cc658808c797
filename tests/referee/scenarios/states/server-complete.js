// Whether a request without a body is complete when it is told.
var server = http.createServer(function(req, res) {
  log('complete', req.complete)
  after(20, function() {
    log('later', req.complete)
    res.end()
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
