// The callback of a second end is told that it was too late.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'error finish')
  res.end('a')
  res.end(note('ended'))
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
