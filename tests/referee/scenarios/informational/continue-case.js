// The expectation counts in any case.
var server = http.createServer(function(req, res) {
  req.on('data', function() {})
  req.on('end', function() { res.end('done') })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi')
