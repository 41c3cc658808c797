// The value of an extension may be quoted.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;a=b;c="d e"\r\nhello\r\n0;x\r\n\r\n')
