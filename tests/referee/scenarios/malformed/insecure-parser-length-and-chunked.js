// insecureHTTPParser takes Content-Length beside Transfer-Encoding.
// versions: v13.14-
var server = http.createServer({insecureHTTPParser: true}, function(req, res) {
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n\r\n')
