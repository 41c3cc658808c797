// A body read as base64 is padded at its end alone.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  req.setEncoding('base64')
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n1\r\nd\r\n0\r\n\r\n')
