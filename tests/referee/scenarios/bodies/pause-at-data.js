// pause in a 'data' listener holds the next piece.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  var n = 0
  req.on('data', function(chunk) {
    log('data', chunk)
    if (n++ > 0) return
    req.pause()
    after(30, function() { log('resume'); req.resume() })
  })
  req.on('end', function() { log('end'); res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n')
