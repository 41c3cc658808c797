// A Content-Length that was set stands, and the body goes as it is.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', 5)
  res.write('he')
  res.write('llo')
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
