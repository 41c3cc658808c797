// req.setTimeout tells of silence.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'timeout')
  req.setTimeout(100, function() {
    log('callback')
    res.end('late')
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
