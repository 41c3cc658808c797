// A GET may have a body.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello')
