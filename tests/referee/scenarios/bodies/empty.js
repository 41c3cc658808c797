// Bodies of length 0.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
