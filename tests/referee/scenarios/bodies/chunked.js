// A chunked body arrives; sizes are hexadecimal.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { log('headers', req.headers); res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n00A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n')
