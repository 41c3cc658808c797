// writeProcessing sends 102, as often as called.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.writeProcessing()
  res.writeProcessing()
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
