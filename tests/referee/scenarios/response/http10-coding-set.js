// A client of HTTP/1.0 is answered with a coding that it cannot undo.
var server = http.createServer(function(req, res) {
  res.setHeader('Transfer-Encoding', 'gzip, chunked')
  attempt('end', function() { res.end('hello') })
  if (!res.headersSent) {
    res.removeHeader('Transfer-Encoding')
    res.end('plain')
  }
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
