// Informational responses to a client of HTTP/1.0.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.writeContinue()
  res.writeProcessing()
  res.end('hi')
})
talk(server, 'GET / HTTP/1.0\r\n\r\n')
