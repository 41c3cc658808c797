// A body whose 'readable' is heard and that is not read does not end.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end')
  req.once('readable', function() {
    log('req.readable')
    after(50, function() {
      log('req.read', req.read())
      log('req.read', req.read())
    })
  })
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello')
