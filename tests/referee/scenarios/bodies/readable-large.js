// More than is kept is read in turn, all of it.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  var n = 0
  req.on('readable', function() {
    var chunk = req.read()
    if (chunk) n += chunk.length
  })
  req.on('end', function() {
    log('length', n)
    res.end()
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n' + repeat('0123456789', 100000))
