// A client of HTTP/1.0 that expects 100-continue.
var server = http.createServer(function(req, res) {
  req.on('data', function() {})
  req.on('end', function() { res.end('done') })
})
talk(server, 'POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi')
