// Listeners of 'readable' and of 'data' of one body.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('readable', function() { if (req.read()) log('readable') })
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello')
