// Writing nothing sends nothing, and does not end a chunked body.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.write('a')
  res.write('')
  res.end('')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
