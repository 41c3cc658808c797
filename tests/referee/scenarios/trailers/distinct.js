// trailersDistinct keeps all values.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  req.on('data', function() {})
  req.on('end', function() {
    log('after', req.trailersDistinct['x-t'])
    res.end()
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\nx-t: 2\r\n\r\n')
