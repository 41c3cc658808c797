// Trailers of a request are there at its end.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('before', req.trailers, req.rawTrailers)
  req.on('data', function() {})
  req.on('end', function() {
    log('after', req.trailers, req.rawTrailers)
    log('headers', req.headers['x-t'])
    res.end()
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\nx-t: 2\r\nX-U: 3\r\n\r\n')
