// Text in UTF-16 has two bytes for most characters.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.write('a\xe9', 'ucs2')
  res.end('b', 'utf16le')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
