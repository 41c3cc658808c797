// resume without a listener lets a body pass.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end')
  req.resume()
  req.on('end', function() { res.end('done') })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello')
