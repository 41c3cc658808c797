// A Content-Length that is no number.
var server = http.createServer(function(req, res) {
  res.setHeader('Content-Length', '0x10')
  attempt('end', function() { res.end('ab') })
  res.destroy()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
