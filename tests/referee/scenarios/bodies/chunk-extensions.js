// Extensions of chunks are passed over.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;a=b;c\r\nhello\r\n0;x\r\n\r\n')
