// A body may be read as hexadecimal text.
var server = http.createServer(function(req, res) {
  req.setEncoding('hex')
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\x00\xffA')
